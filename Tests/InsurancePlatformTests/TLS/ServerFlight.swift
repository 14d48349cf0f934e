/// The first flight of a server, as TLS 1.2 and TLCP write it: ServerHello and Certificate.
enum ServerFlight {
    static func bytes(_ version: [UInt8], _ suite: [UInt8], _ certificates: [[UInt8]]) -> [UInt8] {
        let hello = version + Array(repeating: 7, count: 32) + [0] + suite + [0]
        var messages = message(2, hello)
        if !certificates.isEmpty { messages += message(11, counted(certificates.flatMap(counted))) }
        return [22] + version + [UInt8(messages.count >> 8), UInt8(messages.count & 0xFF)] + messages
    }

    private static func message(_ type: UInt8, _ content: [UInt8]) -> [UInt8] { [type] + counted(content) }

    private static func counted(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8(bytes.count >> 16), UInt8(bytes.count >> 8 & 0xFF), UInt8(bytes.count & 0xFF)] + bytes
    }
}
