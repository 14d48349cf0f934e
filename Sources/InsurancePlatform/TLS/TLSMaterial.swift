internal import NIOSSL
internal import Synchronization

/// A certificate with its key, and the roots that the peer is trusted by, as files hold them: the newest that are
/// sound. Files that don't load, don't match or have expired leave the old ones in force, and say why.
///
/// Used as a client's (``Pair/client``) and as a server's (``ReloadingServerTLS``). Verification can't be switched
/// off: a client always checks the chain, its times, CA:TRUE, keyCertSign, name constraints and the host name.
public final class TLSMaterial: Sendable {
    public enum Role: Sendable, Hashable {
        /// Connects: needs roots, may have a certificate.
        case client
        /// Listens: needs a certificate; roots, where given, are those that clients must show certificates of.
        case server
    }

    /// What a reading of the files led to.
    public enum Reload: Sendable, Hashable {
        case unchanged
        /// New files are in force; connections made from now on use them.
        case replaced(generation: Int)
        /// The files don't count, the old pair stays in force. Told once for each different reason: log it.
        case kept(TLSMaterialError)
        /// The files still don't count, for the same reason.
        case stillKept(TLSMaterialError)
    }

    private struct State {
        var pair: Pair
        var digest: [UInt8]
        var problem: TLSMaterialError?
    }

    public let files: TLSFiles
    public let role: Role
    private let state: Mutex<State>

    /// Reads the files; a server or client doesn't start on ones that are unsound.
    ///
    /// - Parameter now: unix milliseconds.
    public init(_ files: TLSFiles, role: Role, now: Int64) throws(TLSMaterialError) {
        let contents = try TLSFileContents.stable(files)
        let pair = try TLSReading(files: files, role: role, now: now).pair(contents, generation: 1)
        self.files = files
        self.role = role
        state = Mutex(State(pair: pair, digest: contents.digest))
    }

    /// What new connections use.
    public var current: Pair { state.withLock { $0.pair } }

    /// Why the files as they lie there don't count, or nil.
    public var problem: TLSMaterialError? { state.withLock { $0.problem } }

    /// Reads the files, and takes them when they have changed and are sound. Blocks on file reads of some kilobytes
    /// (and, for a changed PKCS#12 file, on its key derivation): to be called every ten seconds or so, by one task.
    ///
    /// - Parameter now: unix milliseconds.
    @discardableResult
    public func reload(now: Int64) -> Reload {
        do throws(TLSMaterialError) {
            let contents = try TLSFileContents.stable(files)
            let digest = contents.digest
            let (isSame, last) = state.withLock { state in
                if state.digest == digest { state.problem = nil }
                return (state.digest == digest, state.pair.generation)
            }
            if isSame { return .unchanged }
            let pair = try TLSReading(files: files, role: role, now: now).pair(contents, generation: last + 1)
            state.withLock { $0 = State(pair: pair, digest: digest) }
            return .replaced(generation: pair.generation)
        } catch {
            return state.withLock { state in
                let isNew = state.problem != error
                state.problem = error
                return isNew ? .kept(error) : .stillKept(error)
            }
        }
    }

    /// The state for /metrics, /readyz and the warning 30 days ahead.
    public func health(now: Int64) -> Health {
        state.withLock { Health($0.pair, problem: $0.problem, now: now) }
    }
}
