public import NIOCore

/// Writes frames to a connection.
public struct FrameEncoder: MessageToByteEncoder {
    public typealias OutboundIn = Frame

    public init() {}

    public func encode(data: Frame, out: inout ByteBuffer) throws { try data.write(to: &out) }
}
