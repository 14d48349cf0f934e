import NIOHTTP1

/// What became of a call that reached the business, faults included.
enum CarriedCall: Sendable {
    /// The fsi answer's JSON.
    case answer([UInt8])
    /// Half of that answer is sent.
    case half([UInt8])
    /// Nothing is sent.
    case lost
    /// A status of 500 or more.
    case failed(Int)
    /// Refused at the door after all.
    case refused(DoorRefusal)

    var reply: SandboxReply {
        switch self {
        case .answer(let bytes): .json(bytes)
        case .half(let bytes):
            SandboxReply(
                fields: [("content-type", "application/json; charset=utf-8")], body: .half(bytes))
        case .lost: .lost
        case .failed(let status):
            .text(.init(statusCode: status), type: "text/plain", "sandbox fault\n")
        case .refused(let refusal): refusal.reply
        }
    }
}
