package import InsurancePlatform
import Synchronization

/// Who is signed in at the platform (9001), as the calls of this process tell. What resolves a money call goes
/// under the sign-in that its operator has now: the one under which it was sent may have ended.
package final class SignIns: Sendable {
    /// The newest `sign_no` of each operator; empty for who signed out.
    private let newest = Mutex<[String: String]>([:])
    /// What an envelope holds.
    private static let longest = 30

    package init() {}

    /// Learns from a call and the platform's answer to it.
    package func note(_ call: PlatformCall, _ answer: PlatformAnswer) {
        guard answer.isSuccess else { return }
        switch call.infno {
        case SignIn.infno:
            guard let asked = try? SignIn(input: call.input),
                let signed = try? SignIn.answer(from: answer.output), signed.signNo.count <= Self.longest
            else { return }
            newest.withLock { $0[asked.opterNo] = signed.signNo }
        case SignOut.infno:
            guard let ended = try? SignOut(input: call.input) else { return }
            newest.withLock { newest in
                guard newest[ended.opterNo, default: ended.signNo] == ended.signNo else { return }
                newest[ended.opterNo] = ""
            }
        default: return
        }
    }

    /// Nil for an operator who isn't signed in, as far as is known.
    func current(_ operatorID: String) -> String? {
        newest.withLock { $0[operatorID] }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Under which sign-ins to ask on behalf of an operator, the likeliest first: the current one, or the given
    /// one where nothing newer is known; then none.
    func candidates(_ operatorID: String, given: String?) -> [String?] {
        let likeliest = newest.withLock { $0[operatorID] } ?? given ?? ""
        return likeliest.isEmpty ? [nil] : [likeliest, nil]
    }
}
