/// One field of a node: its name on the wire, and how it is read and written.
public struct NodeField<Node: Sendable>: Sendable {
    let name: String
    let read: @Sendable (inout Node, ExactJSON?, String) throws(FsiError) -> Void
    let write: @Sendable (Node) -> ExactJSON

    /// A text that must be there.
    static func text(_ name: String, _ path: any WritableKeyPath<Node, String> & Sendable) -> NodeField {
        NodeField(name: name) { node, json, place throws(FsiError) in
            let text = try Text.read(json, place)
            if text.isEmpty { throw FsiError(.missingField, field: place, "the field is required") }
            node[keyPath: path] = text
        } write: {
            .string($0[keyPath: path])
        }
    }

    /// A text that may be empty, absent or null, and is written as `""` then.
    static func optional(_ name: String, _ path: any WritableKeyPath<Node, String> & Sendable) -> NodeField {
        NodeField(name: name) { node, json, place throws(FsiError) in
            node[keyPath: path] = try Text.read(json, place)
        } write: {
            .string($0[keyPath: path])
        }
    }

    /// A number that must be there.
    static func number(
        _ name: String, _ path: any WritableKeyPath<Node, ExactDecimal> & Sendable,
        _ form: NumberForm = .amount
    ) -> NodeField {
        NodeField(name: name) { node, json, place throws(FsiError) in
            guard let number = try form.read(json, place) else {
                throw FsiError(.missingField, field: place, "the field is required")
            }
            node[keyPath: path] = number
        } write: {
            form.write($0[keyPath: path])
        }
    }

    /// A number that may be empty, absent or null: it is zero then, and zero is written.
    static func orZero(
        _ name: String, _ path: any WritableKeyPath<Node, ExactDecimal> & Sendable,
        _ form: NumberForm = .amount
    ) -> NodeField {
        NodeField(name: name) { node, json, place throws(FsiError) in
            node[keyPath: path] = try form.read(json, place) ?? .zero
        } write: {
            form.write($0[keyPath: path])
        }
    }

    /// A whole number; zero where it is absent.
    static func integer(_ name: String, _ path: any WritableKeyPath<Node, Int> & Sendable) -> NodeField {
        NodeField(name: name) { node, json, place throws(FsiError) in
            let text = try Text.read(json, place)
            guard let number = text.isEmpty ? 0 : Int(text) else {
                throw FsiError(.malformedNumber, field: place, "a whole number is due")
            }
            node[keyPath: path] = number
        } write: {
            .number(String($0[keyPath: path]))
        }
    }

    private enum Text {
        static func read(_ json: ExactJSON?, _ place: String) throws(FsiError) -> String {
            guard let json, json != .null else { return "" }
            guard let text = json.string else {
                throw FsiError(.malformedField, field: place, "a text is due")
            }
            return text
        }
    }
}
