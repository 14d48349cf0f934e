/// A node of the platform's formats whose fields stand in a table, so that the same lines read and write it.
public protocol NodeFields: Sendable, Hashable, PersonalContent {
    /// A node with every field empty or zero.
    init()
    static var fields: [NodeField<Self>] { get }
}

extension NodeFields {
    /// Reads a node.
    ///
    /// - Parameter path: where it stands, for errors: `input.data`.
    init(node: ExactJSON?, path: String) throws(FsiError) {
        guard let node, node != .null else {
            throw FsiError(.missingField, field: path, "the node is required")
        }
        guard case .object(let members) = node else {
            throw FsiError(.malformedField, field: path, "an object is due")
        }
        self.init()
        for field in Self.fields { try field.read(&self, members[field.name], "\(path).\(field.name)") }
    }

    /// Reads an array of nodes; a single object counts as an array of one, null and absence as an empty array.
    static func nodes(_ json: ExactJSON?, path: String) throws(FsiError) -> [Self] {
        switch json {
        case nil, .null, .string(""): return []
        case .array(let elements):
            var nodes: [Self] = []
            for (index, element) in elements.enumerated() {
                nodes.append(try Self(node: element, path: "\(path)[\(index)]"))
            }
            return nodes
        default: return [try Self(node: json, path: path)]
        }
    }

    var node: ExactJSON {
        var members: [String: ExactJSON] = [:]
        for field in Self.fields { members[field.name] = field.write(self) }
        return .object(members)
    }
}

extension Sequence where Element: NodeFields {
    var nodes: ExactJSON { .array(map(\.node)) }
}
