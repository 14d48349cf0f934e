import RawStructuredFieldValues

/// Strict serialization of structured fields (RFC 8941 §4.1), for the parameters `;sf` and `;key`.
enum StrictField {
    /// The general parser looks its keys up one by one: a bound on what a stranger can make it do.
    static let maximumBytes = 4096

    /// The whole field, serialized anew; nil if it is not a structured field of the kind, or too long.
    static func serialize(_ text: [UInt8], as kind: StructuredFieldKind) -> [UInt8]? {
        guard text.count <= maximumBytes else { return nil }
        var parser = StructuredFieldValueParser(text)
        var serializer = StructuredFieldValueSerializer()
        switch kind {
        case .item:
            guard let item = try? parser.parseItemFieldValue(), let item = canonical(item) else { return nil }
            return try? serializer.writeItemFieldValue(item)
        case .list:
            guard let list = try? parser.parseListFieldValue() else { return nil }
            let members = list.compactMap(canonical)
            return members.count == list.count ? try? serializer.writeListFieldValue(members) : nil
        case .dictionary:
            guard var members = try? parser.parseDictionaryFieldValue() else { return nil }
            for (key, member) in members {
                guard let member = canonical(member) else { return nil }
                members[key] = member
            }
            return try? serializer.writeDictionaryFieldValue(members)
        }
    }

    /// One member of a dictionary, serialized anew; nil if the field is no dictionary or has no such member.
    static func serialize(member key: String, of text: [UInt8]) -> [UInt8]? {
        guard text.count <= maximumBytes else { return nil }
        var parser = StructuredFieldValueParser(text)
        guard let member = try? parser.parseDictionaryFieldValue()[key], let member = canonical(member) else {
            return nil
        }
        var serializer = StructuredFieldValueSerializer()
        return try? serializer.writeListFieldValue([member])
    }

    private static func canonical(_ member: ItemOrInnerList) -> ItemOrInnerList? {
        switch member {
        case .item(let item): return canonical(item).map { .item($0) }
        case .innerList(var list):
            guard let parameters = canonical(list.rfc9651Parameters) else { return nil }
            list.rfc9651Parameters = parameters
            for index in list.bareInnerList.indices {
                guard let item = canonical(list.bareInnerList[index]) else { return nil }
                list.bareInnerList[index] = item
            }
            return .innerList(list)
        }
    }

    private static func canonical(_ item: Item) -> Item? {
        guard let value = canonical(item.rfc9651BareItem), let parameters = canonical(item.rfc9651Parameters)
        else { return nil }
        return Item(bareItem: value, parameters: parameters)
    }

    private static func canonical(
        _ parameters: OrderedMap<String, RFC9651BareItem>
    ) -> OrderedMap<String, RFC9651BareItem>? {
        var parameters = parameters
        for (key, value) in parameters {
            guard let value = canonical(value) else { return nil }
            parameters[key] = value
        }
        return parameters
    }

    /// The parser leaves Base64 as it is, so that its form is checked here; the types that RFC 9651 added are
    /// unknown to RFC 9421.
    private static func canonical(_ item: RFC9651BareItem) -> RFC9651BareItem? {
        switch item {
        case .undecodedByteSequence(let base64):
            return ByteSequence.decode(Array(base64.utf8)[...]) == nil ? nil : item
        case .date, .displayString: return nil
        default: return item
        }
    }
}
