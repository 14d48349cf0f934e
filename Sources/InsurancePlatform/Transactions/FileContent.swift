import Foundation

/// A file's bytes inside JSON: Base64 is written; the arrays of signed bytes that Java prints are read too.
enum FileContent {
    static func json(_ bytes: [UInt8]) -> ExactJSON { .string(Data(bytes).base64EncodedString()) }

    static func bytes(_ json: ExactJSON?, path: String) throws(FsiError) -> [UInt8] {
        switch json {
        case nil, .null: throw FsiError(.missingField, field: path, "the field is required")
        case .string(let text):
            guard let data = Data(base64Encoded: text) else { break }
            return Array(data)
        case .array(let elements):
            var bytes: [UInt8] = []
            for element in elements {
                guard let number = element.string.flatMap({ Int($0) }), (-128...255).contains(number) else {
                    throw FsiError(.malformedField, field: path, "an element is no byte")
                }
                bytes.append(UInt8(truncatingIfNeeded: number))
            }
            return bytes
        default: break
        }
        throw FsiError(.malformedField, field: path, "Base64 is due")
    }
}
