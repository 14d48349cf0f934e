public import NIOCore

extension Frame {
    /// Writes the frame.
    ///
    /// - Throws: `too_large`, or `malformed_field` for a number that isn't 4 to 8 letters and digits or a token
    ///   that isn't 1 to 65,535 bytes.
    public func write(to buffer: inout ByteBuffer) throws(FsiError) {
        try FsiField.checkInfno(infno)
        let token = credential.map { Array($0.utf8) } ?? []
        guard credential == nil || (1...Int(UInt16.max)).contains(token.count) else {
            throw FsiError(.malformedField, field: "credential", "1 to 65535 bytes")
        }
        let length = body.count + (credential == nil ? 0 : 2 + token.count)
        guard length <= Self.bodyLimit else {
            throw FsiError(.tooLarge, "a frame's body has at most \(Self.bodyLimit) bytes")
        }
        let start = buffer.writerIndex
        var flags = flags
        if credential != nil { flags.insert(.credential) }
        buffer.reserveCapacity(minimumWritableBytes: Self.headerSize + length + 4)
        buffer.writeInteger(Self.magic)
        buffer.writeInteger(Self.version)
        buffer.writeInteger(flags.rawValue)
        buffer.writeString(infno)
        buffer.writeRepeatingByte(0, count: Self.infnoSize - infno.utf8.count)
        buffer.writeInteger(sequence)
        buffer.writeInteger(UInt32(length))
        if credential != nil {
            buffer.writeInteger(UInt16(token.count))
            buffer.writeBytes(token)
        }
        buffer.writeBytes(body)
        var sum = CRC32C()
        sum.update(
            buffer.viewBytes(at: start, length: Self.headerSize + length) ?? ByteBufferView(ByteBuffer()))
        buffer.writeInteger(sum.value)
    }

    /// Takes one frame from the buffer; nil while it isn't whole, and nothing is taken then.
    ///
    /// - Throws: `invalid_frame`, `too_large`, `frame_damaged`. The connection can't go on after any of them.
    public static func read(from buffer: inout ByteBuffer) throws(FsiError) -> Frame? {
        var header = buffer
        // A foreign protocol is refused at its first bytes, before it has sent a header's worth.
        if let magic = header.getInteger(at: header.readerIndex, as: UInt32.self), magic != Self.magic {
            throw FsiError(.invalidFrame, "these aren't frames")
        }
        guard header.readableBytes >= headerSize, header.readInteger(as: UInt32.self) != nil,
            let version = header.readInteger(as: UInt8.self), let flags = header.readInteger(as: UInt8.self),
            let name = header.readBytes(length: infnoSize),
            let sequence = header.readInteger(as: UInt32.self),
            let length = header.readInteger(as: UInt32.self)
        else { return nil }
        guard version == Self.version, Flags.known.isSuperset(of: Flags(rawValue: flags)) else {
            throw FsiError(.invalidFrame, "the version or a flag isn't known")
        }
        guard length <= bodyLimit else {
            throw FsiError(.tooLarge, "a frame's body has at most \(bodyLimit) bytes")
        }
        let size = headerSize + Int(length)
        guard buffer.readableBytes >= size + 4 else { return nil }
        var sum = CRC32C()
        sum.update(buffer.viewBytes(at: buffer.readerIndex, length: size) ?? ByteBufferView(ByteBuffer()))
        guard buffer.getInteger(at: buffer.readerIndex + size, as: UInt32.self) == sum.value else {
            throw FsiError(.frameDamaged, "the check sum is wrong")
        }
        let frame = try Frame(
            flags: Flags(rawValue: flags), name: name, sequence: sequence,
            content: header.readBytes(length: Int(length)) ?? [])
        buffer.moveReaderIndex(forwardBy: size + 4)
        return frame
    }

    private init(flags: Flags, name: [UInt8], sequence: UInt32, content: [UInt8]) throws(FsiError) {
        let infno = name.prefix { $0 != 0 }
        guard name.dropFirst(infno.count).allSatisfy({ $0 == 0 }) else {
            throw FsiError(.invalidFrame, "the transaction's number has bytes behind its end")
        }
        var frame = Frame(infno: String(decoding: infno, as: UTF8.self), sequence: sequence, flags: flags)
        do { try FsiField.checkInfno(frame.infno) } catch {
            throw FsiError(.invalidFrame, "the transaction's number is malformed")
        }
        frame.body = content
        if flags.contains(.credential) {
            guard content.count >= 2, case let size = Int(content[0]) << 8 | Int(content[1]), size > 0,
                content.count >= 2 + size,
                let token = String(validating: content[2..<2 + size], as: UTF8.self)
            else { throw FsiError(.invalidFrame, "the credential is malformed") }
            frame.flags.remove(.credential)
            frame.credential = token
            frame.body = Array(content[(2 + size)...])
        }
        self = frame
    }
}
