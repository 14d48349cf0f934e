/// A JSON Schema (2020-12), the part that describes our own formats.
///
/// Assertions: `type`, `enum`, `const`, `properties`, `required`, `additionalProperties`,
/// `patternProperties`, `propertyNames`, `minProperties`, `maxProperties`, `items`, `minItems`, `maxItems`,
/// `uniqueItems`, `minLength`, `maxLength`, `pattern`, `minimum`, `maximum`, `exclusiveMinimum`,
/// `exclusiveMaximum`, `allOf`, `anyOf`, `oneOf`, `$ref` to `#/$defs/…` and `#/components/schemas/…`, and of
/// the formats `date-time` and `uuid`. Annotations are passed over. Any other keyword is an error at init, so
/// that no rule is ever silently left unchecked.
public struct JSONSchema: Sendable {
    /// All compiled schemas; subschemas refer to each other by place, because `$ref` may go in circles.
    let rules: [JSONSchemaRules]
    let root: Int

    /// Throws ``JSONSchemaError``. `$ref` is resolved within the given value.
    public init(_ schema: JSON) throws {
        var compiler = JSONSchemaCompiler(document: schema)
        root = try compiler.compile(schema, at: "#")
        rules = compiler.rules
    }

    /// What does not hold, a clause each, behind the JSON pointer of the place; empty when the value is
    /// valid.
    public func violations(_ value: JSON) -> [String] {
        var found: [String] = []
        check(value, rules[root], at: "", into: &found)
        return found
    }

    func isValid(_ value: JSON, _ schema: Int) -> Bool {
        var found: [String] = []
        check(value, rules[schema], at: "", into: &found)
        return found.isEmpty
    }
}

/// Why a schema can't be used.
public struct JSONSchemaError: Error, Equatable, CustomStringConvertible {
    /// Where in the schema, as a JSON pointer behind `#`.
    public var place: String
    public var reason: String

    public init(place: String, reason: String) {
        self.place = place
        self.reason = reason
    }

    public var description: String { "schema \(place): \(reason)" }
}

/// One schema object, compiled. Numbers refer to other schemas.
struct JSONSchemaRules: Sendable {
    enum Format: String, Sendable {
        case dateTime = "date-time"
        case uuid
    }

    /// `false` as a schema: nothing is valid.
    var refusesAll = false
    var types: Set<String>?
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
