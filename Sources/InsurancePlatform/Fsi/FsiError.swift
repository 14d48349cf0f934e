/// What is wrong with a message of the platform's formats: a stable code, the field it is about, and a sentence
/// that never holds a value of the message.
public struct FsiError: Error, Sendable, Hashable {
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// The text isn't JSON, or not of the outer shape that is due.
        case invalidJSON = "invalid_json"
        /// A required field is absent or empty.
        case missingField = "missing_field"
        /// A field is longer than the format allows.
        case fieldTooLong = "field_too_long"
        /// A field isn't of its form.
        case malformedField = "malformed_field"
        /// A number isn't an exact decimal of the digits and places allowed.
        case malformedNumber = "malformed_number"
        /// The XML isn't a SOAP 1.1 message of the service.
        case invalidXML = "invalid_xml"
        /// The answer is a SOAP fault.
        case soapFault = "soap_fault"
        /// The bytes aren't a frame of a known version.
        case invalidFrame = "invalid_frame"
        /// A frame's check sum is wrong.
        case frameDamaged = "frame_damaged"
        /// A frame, a file or a message is larger than allowed.
        case tooLarge = "too_large"
        /// The ZIP file or the rows in it can't be read.
        case invalidFile = "invalid_file"
    }

    public let code: Code
    /// The path of the field, such as `input.data.psn_no`; nil where no field is at fault.
    public let field: String?
    /// English, one sentence.
    public let detail: String

    public init(_ code: Code, field: String? = nil, _ detail: String) {
        self.code = code
        self.field = field
        self.detail = detail
    }

    /// The detail with its field, for problem documents and `err_msg`.
    public var sentence: String { field.map { "\($0): \(detail)" } ?? detail }
}
