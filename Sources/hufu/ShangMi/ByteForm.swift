import ArgumentParser
import Foundation
import HufuServer

/// How bytes stand in a file.
enum ByteForm: String, ExpressibleByArgument, CaseIterable {
    case binary, hex, base64

    func encode(_ bytes: [UInt8]) -> Data {
        switch self {
        case .binary: Data(bytes)
        case .hex: Data((Data(bytes).hexadecimal + "\n").utf8)
        case .base64: Data((Data(bytes).base64EncodedString() + "\n").utf8)
        }
    }

    /// White space around hexadecimal and Base64 is passed over.
    func decode(_ data: Data) -> [UInt8]? {
        if self == .binary { return Array(data) }
        let text = String(decoding: data, as: UTF8.self).filter { !$0.isWhitespace }
        return (self == .hex ? Data(hexadecimal: text) : Data(base64Encoded: text)).map(Array.init)
    }
}
