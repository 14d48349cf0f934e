/// One value, or one name of an object, in a document's flat tree.
///
/// Nodes stand in the order of the text: an object is followed by its names, each with its value behind it;
/// an array by its elements.
struct JSONNode {
    /// What a text holds beyond plain ASCII, so that a writer knows without looking when a copy will do.
    struct Marks: OptionSet {
        let rawValue: UInt8

        /// The content lies in the document's second buffer, because its source spells it differently.
        static let aside = Marks(rawValue: 1)
        /// Some character lies beyond ASCII.
        static let wide = Marks(rawValue: 2)
        /// A quotation mark, a reverse solidus or a control character below U+0020.
        static let escaped = Marks(rawValue: 4)
        /// U+007F, which Python escapes and RFC 8785 doesn't.
        static let delete = Marks(rawValue: 8)
        /// A surrogate without its partner; it is held as the three bytes that generalized UTF-8 gives it.
        static let loneSurrogate = Marks(rawValue: 16)
        /// A number with a fraction or an exponent.
        static let fractional = Marks(rawValue: 32)
        /// The literal `true`.
        static let isTrue = Marks(rawValue: 64)
    }

    let kind: JSONValue.Kind
    var marks: Marks
    /// A text: its first byte. An object: the place of its first name in the document's order.
    var start: UInt32
    /// A text: its bytes, without quotation marks. An object or array: its members or elements.
    var count: UInt32
    /// The place behind this node and everything inside it.
    var end: UInt32
}
