extension JSONSchema {
    /// `place` is the JSON pointer of the value; the root's is empty.
    func check(_ value: JSON, _ rules: JSONSchemaRules, at place: String, into found: inout [String]) {
        let name = place.isEmpty ? "/" : place
        if rules.refusesAll {
            found.append("\(name): it may not be there")
            return
        }
        if let reference = rules.reference { check(value, self.rules[reference], at: place, into: &found) }
        if let types = rules.types, !types.contains(where: { JSONSchema.is(value, $0) }) {
            found.append("\(name): it is not of type \(types.sorted().joined(separator: " or "))")
            return
        }
        if let values = rules.values, !values.contains(where: { JSONSchema.same($0, value) }) {
            let list = values.map { $0.canonicalText }.joined(separator: ", ")
            found.append("\(name): it is none of \(list)")
        }
        switch value {
        case .string(let text): check(text, rules, name, &found)
        case .integer, .number: check(value.double ?? 0, rules, name, &found)
        case .array(let elements): check(elements, rules, at: place, into: &found)
        case .object(let members): check(members, rules, at: place, into: &found)
        case .null, .bool: break
        }
        for schema in rules.allOf { check(value, self.rules[schema], at: place, into: &found) }
        if !rules.anyOf.isEmpty, !rules.anyOf.contains(where: { isValid(value, $0) }) {
            found.append("\(name): it fits none of the forms")
        }
        if !rules.oneOf.isEmpty {
            let count = rules.oneOf.count { isValid(value, $0) }
            if count != 1 { found.append("\(name): it fits \(count) of the forms where one is due") }
        }
    }

    private func check(_ text: String, _ rules: JSONSchemaRules, _ name: String, _ found: inout [String]) {
        if !rules.counts.isEmpty {
            let length = text.unicodeScalars.count
            if let minimum = rules.counts["minLength"], length < minimum {
                found.append("\(name): it is shorter than \(minimum) characters")
            }
            if let maximum = rules.counts["maxLength"], length > maximum {
                found.append("\(name): it is longer than \(maximum) characters")
            }
        }
        if let pattern = rules.pattern, !pattern.matches(text) {
            found.append("\(name): it does not match \(pattern.source)")
        }
        switch rules.format {
        case .dateTime where RFC3339.unixMilliseconds(text) == nil:
            found.append("\(name): it is not an RFC 3339 date and time")
        case .uuid where !JSONSchema.isUUID(text): found.append("\(name): it is not a UUID")
        default: break
        }
    }

    private func check(_ number: Double, _ rules: JSONSchemaRules, _ name: String, _ found: inout [String]) {
        guard !rules.bounds.isEmpty else { return }
        if let bound = rules.bounds["minimum"], number < bound {
            found.append("\(name): it is less than \(JSON.number(bound).canonicalText)")
        }
        if let bound = rules.bounds["maximum"], number > bound {
            found.append("\(name): it is more than \(JSON.number(bound).canonicalText)")
        }
        if let bound = rules.bounds["exclusiveMinimum"], number <= bound {
            found.append("\(name): it is not more than \(JSON.number(bound).canonicalText)")
        }
        if let bound = rules.bounds["exclusiveMaximum"], number >= bound {
            found.append("\(name): it is not less than \(JSON.number(bound).canonicalText)")
        }
    }

    private func check(
        _ elements: [JSON], _ rules: JSONSchemaRules, at place: String, into found: inout [String]
    ) {
        let name = place.isEmpty ? "/" : place
        if let minimum = rules.counts["minItems"], elements.count < minimum {
            found.append("\(name): it has fewer than \(minimum) elements")
        }
        if let maximum = rules.counts["maxItems"], elements.count > maximum {
            found.append("\(name): it has more than \(maximum) elements")
        }
        if rules.uniqueItems, Set(elements.map { $0.canonical() }).count < elements.count {
            found.append("\(name): an element stands twice")
        }
        guard let items = rules.items else { return }
        for (index, element) in elements.enumerated() {
            check(element, self.rules[items], at: place + "/\(index)", into: &found)
        }
    }

    private func check(
        _ members: [String: JSON], _ rules: JSONSchemaRules, at place: String, into found: inout [String]
    ) {
        let name = place.isEmpty ? "/" : place
        for key in rules.required where members[key] == nil { found.append("\(name): it has no \(key)") }
        if let minimum = rules.counts["minProperties"], members.count < minimum {
            found.append("\(name): it has fewer than \(minimum) members")
        }
        if let maximum = rules.counts["maxProperties"], members.count > maximum {
            found.append("\(name): it has more than \(maximum) members")
        }
        let checksMembers =
            !rules.properties.isEmpty || !rules.patternProperties.isEmpty
            || rules.additionalProperties != nil || rules.propertyNames != nil
        guard checksMembers else { return }
        for (key, value) in members.sorted(by: { $0.key < $1.key }) {
            let place = place + "/" + JSONSchema.escaped(key)
            if let names = rules.propertyNames, !isValid(.string(key), names) {
                found.append("\(place): no member may have this name")
            }
            var evaluated = false
            if let schema = rules.properties[key] {
                evaluated = true
                check(value, self.rules[schema], at: place, into: &found)
            }
            for (pattern, schema) in rules.patternProperties where pattern.matches(key) {
                evaluated = true
                check(value, self.rules[schema], at: place, into: &found)
            }
            if !evaluated, let schema = rules.additionalProperties {
                check(value, self.rules[schema], at: place, into: &found)
            }
        }
    }

    /// As a part of a JSON pointer (RFC 6901).
    private static func escaped(_ key: String) -> String {
        guard key.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else {
            return key
        }
        return key.split(separator: "~", omittingEmptySubsequences: false).joined(separator: "~0")
            .split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
    }

    private static func `is`(_ value: JSON, _ type: String) -> Bool {
        switch value {
        case .null: type == "null"
        case .bool: type == "boolean"
        case .integer: type == "integer" || type == "number"
        case .number(let number): type == "number" || type == "integer" && number.rounded() == number
        case .string: type == "string"
        case .array: type == "array"
        case .object: type == "object"
        }
    }

    /// Equality of JSON values, in which 1 is 1.0 and strings are their code points.
    private static func same(_ left: JSON, _ right: JSON) -> Bool {
        if case .string(let left) = left, case .string(let right) = right {
            return left.utf8.elementsEqual(right.utf8)
        }
        return left.canonical() == right.canonical()
    }

    private static func isUUID(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.count == 36
            && bytes.enumerated().allSatisfy { index, byte in
                index == 8 || index == 13 || index == 18 || index == 23
                    ? byte == UInt8(ascii: "-") : Hexadecimal.value(of: byte) != nil
            }
    }
}
