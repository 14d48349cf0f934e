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
    let nodes: [Node]
    let root: Int

    /// Throws ``JSONSchemaError``. `$ref` is resolved within the given value.
    public init(_ schema: JSON) throws {
        var compiler = JSONSchemaCompiler(document: schema)
        root = try compiler.compile(schema, at: "#")
        nodes = compiler.rules.map { Node($0) }
    }

    /// What does not hold, a clause each, behind the JSON pointer of the place and in its order; empty when
    /// the value is valid.
    public func violations(_ value: JSON) -> [String] {
        var found: [Violation] = []
        check(value, nodes[root], into: &found)
        if found.count > 1 { found.sort { $0.place < $1.place } }
        return found.map { "\($0.place.isEmpty ? "/" : $0.place): \($0.reason)" }
    }

    func isValid(_ value: JSON, _ schema: Int) -> Bool {
        var found: [Violation] = []
        check(value, nodes[schema], into: &found)
        return found.isEmpty
    }

    /// A reference to rules: a check walks many of them, and a copy of them counts a dozen references.
    final class Node: Sendable {
        let rules: JSONSchemaRules

        init(_ rules: JSONSchemaRules) { self.rules = rules }
    }

    struct Violation {
        /// The JSON pointer of the value; the root's is empty.
        var place: String
        var reason: String

        init(_ reason: String, at place: String = "") {
            self.place = place
            self.reason = reason
        }
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
