/// One schema object, compiled. Numbers refer to other schemas.
struct JSONSchemaRules: Sendable {
    enum Format: String, Sendable {
        case dateTime = "date-time"
        case uuid
    }

    /// `false` as a schema: nothing is valid.
    var refusesAll = false
    var types: JSONTypes?
    var values: [JSON]?
    var properties: [String: Int] = [:]
    var patternProperties: [(pattern: JSONPattern, schema: Int)] = []
    var additionalProperties: Int?
    var propertyNames: Int?
    var required: [String] = []
    var items: Int?
    var uniqueItems = false
    /// Keyword → bound.
    var counts: [String: Int] = [:]
    var bounds: [String: Double] = [:]
    var pattern: JSONPattern?
    var format: Format?
    var reference: Int?
    var allOf: [Int] = []
    var anyOf: [Int] = []
    var oneOf: [Int] = []
}
