extension JSONSchema {
    /// Places are added on the way back, and only where something was found.
    func check(_ value: JSON, _ node: Node, into found: inout [Violation]) {
        if node.rules.refusesAll { return found.append(Violation("it may not be there")) }
        if let reference = node.rules.reference { check(value, nodes[reference], into: &found) }
        if let types = node.rules.types, types.isDisjoint(with: JSONTypes(of: value)) {
            return found.append(Violation("it is not of type \(types.names)"))
        }
        if let values = node.rules.values, !values.contains(where: { JSONSchema.same($0, value) }) {
            let list = values.map { $0.canonicalText }.joined(separator: ", ")
            found.append(Violation("it is none of \(list)"))
        }
        switch value {
        case .string(let text): check(text, node, &found)
        case .integer, .number: check(value.double ?? 0, node, &found)
        case .array(let elements): check(elements, node, into: &found)
        case .object(let members): check(members, node, into: &found)
        case .null, .bool: break
        }
        for schema in node.rules.allOf { check(value, nodes[schema], into: &found) }
        if !node.rules.anyOf.isEmpty, !node.rules.anyOf.contains(where: { isValid(value, $0) }) {
            found.append(Violation("it fits none of the forms"))
        }
        if !node.rules.oneOf.isEmpty {
            let count = node.rules.oneOf.count { isValid(value, $0) }
            if count != 1 { found.append(Violation("it fits \(count) of the forms where one is due")) }
        }
    }

    /// What is found in a part is found at its place.
    private func check(
        _ value: JSON, _ node: Node, at part: @autoclosure () -> String,
        into found: inout [Violation]
    ) {
        let before = found.count
        check(value, node, into: &found)
        for index in before..<found.count { found[index].place = "/" + part() + found[index].place }
    }

    private func check(_ text: String, _ node: Node, _ found: inout [Violation]) {
        if !node.rules.counts.isEmpty {
            let length = text.unicodeScalars.count
            if let minimum = node.rules.counts["minLength"], length < minimum {
                found.append(Violation("it is shorter than \(minimum) characters"))
            }
            if let maximum = node.rules.counts["maxLength"], length > maximum {
                found.append(Violation("it is longer than \(maximum) characters"))
            }
        }
        if let pattern = node.rules.pattern, !pattern.matches(text) {
            found.append(Violation("it does not match \(pattern.source)"))
        }
        switch node.rules.format {
        case .dateTime where RFC3339.unixMilliseconds(text) == nil:
            found.append(Violation("it is not an RFC 3339 date and time"))
        case .uuid where !JSONSchema.isUUID(text): found.append(Violation("it is not a UUID"))
        default: break
        }
    }

    private func check(_ number: Double, _ node: Node, _ found: inout [Violation]) {
        guard !node.rules.bounds.isEmpty else { return }
        if let bound = node.rules.bounds["minimum"], number < bound {
            found.append(Violation("it is less than \(JSON.number(bound).canonicalText)"))
        }
        if let bound = node.rules.bounds["maximum"], number > bound {
            found.append(Violation("it is more than \(JSON.number(bound).canonicalText)"))
        }
        if let bound = node.rules.bounds["exclusiveMinimum"], number <= bound {
            found.append(Violation("it is not more than \(JSON.number(bound).canonicalText)"))
        }
        if let bound = node.rules.bounds["exclusiveMaximum"], number >= bound {
            found.append(Violation("it is not less than \(JSON.number(bound).canonicalText)"))
        }
    }

    private func check(
        _ elements: [JSON], _ node: Node, into found: inout [Violation]
    ) {
        if let minimum = node.rules.counts["minItems"], elements.count < minimum {
            found.append(Violation("it has fewer than \(minimum) elements"))
        }
        if let maximum = node.rules.counts["maxItems"], elements.count > maximum {
            found.append(Violation("it has more than \(maximum) elements"))
        }
        if node.rules.uniqueItems, Set(elements.map { $0.canonical() }).count < elements.count {
            found.append(Violation("an element stands twice"))
        }
        guard let items = node.rules.items else { return }
        for (index, element) in elements.enumerated() {
            check(element, nodes[items], at: "\(index)", into: &found)
        }
    }

    private func check(
        _ members: [String: JSON], _ node: Node, into found: inout [Violation]
    ) {
        for key in node.rules.required where members[key] == nil {
            found.append(Violation("it has no \(key)"))
        }
        if let minimum = node.rules.counts["minProperties"], members.count < minimum {
            found.append(Violation("it has fewer than \(minimum) members"))
        }
        if let maximum = node.rules.counts["maxProperties"], members.count > maximum {
            found.append(Violation("it has more than \(maximum) members"))
        }
        let checksMembers =
            !node.rules.properties.isEmpty || !node.rules.patternProperties.isEmpty
            || node.rules.additionalProperties != nil || node.rules.propertyNames != nil
        guard checksMembers else { return }
        for (key, value) in members {
            if let names = node.rules.propertyNames, !isValid(.string(key), names) {
                found.append(Violation("no member may have this name", at: "/" + JSONSchema.escaped(key)))
            }
            var evaluated = false
            if let schema = node.rules.properties[key] {
                evaluated = true
                check(value, nodes[schema], at: JSONSchema.escaped(key), into: &found)
            }
            for (pattern, schema) in node.rules.patternProperties where pattern.matches(key) {
                evaluated = true
                check(value, nodes[schema], at: JSONSchema.escaped(key), into: &found)
            }
            if !evaluated, let schema = node.rules.additionalProperties {
                check(value, nodes[schema], at: JSONSchema.escaped(key), into: &found)
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
