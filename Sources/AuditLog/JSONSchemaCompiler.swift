/// Turns schema objects into rules, each reference once.
struct JSONSchemaCompiler {
    private static let annotations: Set<String> = [
        "$schema", "$id", "$comment", "$defs", "components", "title", "description", "default", "deprecated",
        "example", "examples", "readOnly", "writeOnly", "contentEncoding", "contentMediaType",
    ]

    let document: JSON
    var rules: [JSONSchemaRules] = []
    private var references: [String: Int] = [:]

    init(document: JSON) {
        self.document = document
    }

    mutating func compile(_ schema: JSON, at place: String) throws -> Int {
        let position = rules.count
        rules.append(JSONSchemaRules())
        var compiled = JSONSchemaRules()
        switch schema {
        case .bool(let accepts): compiled.refusesAll = !accepts
        case .object(let members):
            // In order, so that of several errors always the same one is named.
            for (keyword, value) in members.sorted(by: { $0.key < $1.key }) {
                try compile(keyword, value, at: place + "/" + keyword, into: &compiled)
            }
        default: throw JSONSchemaError(place: place, reason: "a schema is an object or a boolean")
        }
        rules[position] = compiled
        return position
    }

    private mutating func compile(
        _ keyword: String, _ value: JSON, at place: String, into compiled: inout JSONSchemaRules
    ) throws {
        switch keyword {
        case "type": compiled.types = try types(value, at: place)
        case "enum": compiled.values = try array(value, at: place)
        case "const": compiled.values = [value]
        case "properties":
            compiled.properties = try object(value, at: place)
                .reduce(into: [:]) { $0[$1.key] = try compile($1.value, at: place + "/" + $1.key) }
        case "patternProperties":
            for (pattern, schema) in try object(value, at: place).sorted(by: { $0.key < $1.key }) {
                let compiledPattern = try self.pattern(.string(pattern), at: place)
                let schema = try compile(schema, at: place + "/" + pattern)
                compiled.patternProperties.append((compiledPattern, schema))
            }
        case "additionalProperties": compiled.additionalProperties = try compile(value, at: place)
        case "propertyNames": compiled.propertyNames = try compile(value, at: place)
        case "required": compiled.required = try array(value, at: place).map { try string($0, at: place) }
        case "items": compiled.items = try compile(value, at: place)
        case "uniqueItems": compiled.uniqueItems = try bool(value, at: place)
        case "minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties":
            guard let count = value.integer, count >= 0 else { throw error(place, "a count is due") }
            compiled.counts[keyword] = count
        case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum":
            guard let bound = value.double else { throw error(place, "a number is due") }
            compiled.bounds[keyword] = bound
        case "pattern": compiled.pattern = try pattern(value, at: place)
        case "format": compiled.format = JSONSchemaRules.Format(rawValue: try string(value, at: place))
        case "$ref": compiled.reference = try reference(string(value, at: place), at: place)
        case "allOf": compiled.allOf = try schemas(value, at: place)
        case "anyOf": compiled.anyOf = try schemas(value, at: place)
        case "oneOf": compiled.oneOf = try schemas(value, at: place)
        case _ where JSONSchemaCompiler.annotations.contains(keyword) || keyword.hasPrefix("x-"): break
        default: throw error(place, "an unknown keyword")
        }
    }

    private mutating func schemas(_ value: JSON, at place: String) throws -> [Int] {
        let schemas = try array(value, at: place)
        guard !schemas.isEmpty else { throw error(place, "at least one schema is due") }
        return try schemas.enumerated().map { try compile($1, at: place + "/\($0)") }
    }

    private mutating func reference(_ pointer: String, at place: String) throws -> Int {
        if let known = references[pointer] { return known }
        var target: JSON?
        for prefix in ["#/$defs/", "#/components/schemas/"] where pointer.hasPrefix(prefix) {
            let path = prefix.dropFirst(2).split(separator: "/").map { String($0) }
            let container = path.reduce(document as JSON?) { $0?[$1] }
            target = container?[String(pointer.dropFirst(prefix.count))]
        }
        guard let target else { throw error(place, "a reference to nothing: \(pointer)") }
        // The place is reserved before the target is compiled, which may refer to itself.
        let position = rules.count
        rules.append(JSONSchemaRules())
        references[pointer] = position
        rules[position].reference = try compile(target, at: pointer)
        return position
    }

    private func types(_ value: JSON, at place: String) throws -> JSONTypes {
        let names =
            try value.array.map { try $0.map { try string($0, at: place) } }
            ?? [string(value, at: place)]
        return try names.reduce(into: []) { types, name in
            guard let type = JSONTypes(name: name) else { throw error(place, "an unknown type") }
            types.formUnion(type)
        }
    }

    private func pattern(_ value: JSON, at place: String) throws -> JSONPattern {
        let text = try string(value, at: place)
        guard let pattern = JSONPattern(text) else { throw error(place, "a pattern that is not understood") }
        return pattern
    }

    private func array(_ value: JSON, at place: String) throws -> [JSON] {
        guard let array = value.array else { throw error(place, "an array is due") }
        return array
    }

    private func object(_ value: JSON, at place: String) throws -> [String: JSON] {
        guard let object = value.object else { throw error(place, "an object is due") }
        return object
    }

    private func string(_ value: JSON, at place: String) throws -> String {
        guard let string = value.string else { throw error(place, "a string is due") }
        return string
    }

    private func bool(_ value: JSON, at place: String) throws -> Bool {
        guard let bool = value.bool else { throw error(place, "a boolean is due") }
        return bool
    }

    private func error(_ place: String, _ reason: String) -> JSONSchemaError {
        JSONSchemaError(place: place, reason: reason)
    }
}
