/// A value that may hold a person's data or a secret: it prints as its type's name, wherever Swift would print it.
public protocol PersonalContent: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension PersonalContent {
    public var description: String { "\(Self.self)(redacted)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension ExactJSON: PersonalContent {}
extension FsiRequest: PersonalContent {}
extension FsiResponse: PersonalContent {}
extension StatementRow: PersonalContent {}
extension StatementDifference: PersonalContent {}
extension Frame: PersonalContent {}
extension SOAPRequest: PersonalContent {}
extension SOAPResponse: PersonalContent {}
extension BusinessRefusal: PersonalContent {}
