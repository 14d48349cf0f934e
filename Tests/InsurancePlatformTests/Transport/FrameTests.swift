import InsurancePlatform
import NIOCore
import Testing

@Suite("Frames")
struct FrameTests {
    private static let frame = Frame(
        infno: "2203A", sequence: 0xDEAD_BEEF, credential: "token", body: Array("{}".utf8))

    private static func bytes(_ frame: Frame) throws -> [UInt8] {
        var buffer = ByteBuffer()
        try frame.write(to: &buffer)
        return Array(buffer.readableBytesView)
    }

    @Test("have the bytes of the specification")
    func layout() throws {
        var expected =
            Array("HUFU".utf8) + [1, 0] + Array("2207".utf8) + [0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 2]
        expected += Array("{}".utf8)
        let bytes = try Self.bytes(Frame(infno: "2207", sequence: 9, body: Array("{}".utf8)))
        #expect(Array(bytes.dropLast(4)) == expected)
        // Computed by another implementation of CRC-32C, bit by bit.
        var sum = UInt32.max
        for byte in expected {
            for bit in 0..<8 {
                let low = (sum ^ UInt32(byte >> UInt8(bit))) & 1
                sum = sum >> 1 ^ (low == 1 ? 0x82F6_3B78 : 0)
            }
        }
        #expect(Array(bytes.suffix(4)) == withUnsafeBytes(of: (~sum).bigEndian) { Array($0) })
    }

    @Test("come back as they were written")
    func roundTrip() throws {
        let frames = [
            Self.frame, Frame(infno: Frame.hello, sequence: 0), Self.frame.response(body: [1, 2, 3]),
            Self.frame.response(FrameError(.unauthorized, "no")),
            Frame(infno: "12345678", sequence: .max, body: [UInt8](repeating: 7, count: Frame.bodyLimit)),
        ]
        var buffer = ByteBuffer()
        for frame in frames { try frame.write(to: &buffer) }
        for frame in frames { #expect(try Frame.read(from: &buffer) == frame) }
        #expect(try Frame.read(from: &buffer) == nil && buffer.readableBytes == 0)
    }

    @Test("are read from parts of any size")
    func partial() throws {
        let bytes = try Self.bytes(Self.frame) + Self.bytes(Self.frame.response(body: []))
        var buffer = ByteBuffer()
        var frames: [Frame] = []
        for byte in bytes {
            buffer.writeInteger(byte)
            if let frame = try Frame.read(from: &buffer) { frames.append(frame) }
        }
        #expect(frames == [Self.frame, Self.frame.response(body: [])])
    }

    @Test("with any bit wrong are refused")
    func damaged() throws {
        let bytes = try Self.bytes(Self.frame)
        for place in bytes.indices {
            for bit in 0..<8 {
                var altered = bytes
                altered[place] ^= 1 << UInt8(bit)
                var buffer = ByteBuffer(bytes: altered)
                // A greater length only waits for more.
                let isLength = (18..<22).contains(place)
                do {
                    let frame = try Frame.read(from: &buffer)
                    #expect(frame == nil && isLength, "byte \(place), bit \(bit)")
                } catch {
                    #expect([.invalidFrame, .tooLarge, .frameDamaged].contains(error.code))
                }
            }
        }
    }

    @Test("that are too large or malformed are refused before their body came")
    func limits() throws {
        var large = ByteBuffer(bytes: try Self.bytes(Self.frame).prefix(22))
        large.setInteger(UInt32(Frame.bodyLimit + 1), at: 18)
        #expect { try Frame.read(from: &large) } throws: { ($0 as? FsiError)?.code == .tooLarge }
        var http = ByteBuffer(string: "GET / HTTP/1.1\r\n")
        #expect { try Frame.read(from: &http) } throws: { ($0 as? FsiError)?.code == .invalidFrame }
        let body = [UInt8](repeating: 0, count: Frame.bodyLimit + 1)
        #expect { try Self.bytes(Frame(infno: "2207", sequence: 1, body: body)) } throws: {
            ($0 as? FsiError)?.code == .tooLarge
        }
        for infno in ["", "220", "123456789", "22 7", "２２０７"] {
            #expect(throws: FsiError.self) { try Self.bytes(Frame(infno: infno, sequence: 1)) }
        }
        #expect(throws: FsiError.self) { try Self.bytes(Frame(infno: "2207", sequence: 1, credential: "")) }
    }
}
