import ActivationCodes
import HTTPTypes
import NIOCore

/// A route that is decided without a task and answered on its connection's event loop, in front of the router.
/// It keeps to the router's checks, limits, decisions and encoding.
///
/// An object: each request's closures hold it, and copying a door counts up all that it refers to.
protocol DirectRoute: AnyObject, Sendable {
    /// Called once for each request that was taken, from any thread. The answer is made on the event loop.
    typealias Answer = @Sendable (_ reply: @escaping @Sendable () -> Reply) -> Void

    /// The largest body this route takes, in bytes.
    var largestBody: Int { get }

    /// Whether a request with this head is for this route; its body is not known yet.
    func takes(_ head: HTTPRequest) -> Bool

    /// False when the request is the router's after all: then nothing was spent or decided, and nothing is
    /// answered.
    func answer(_ request: PlainRequest, from peer: IPAddress?, _ answer: @escaping Answer) -> Bool
}
