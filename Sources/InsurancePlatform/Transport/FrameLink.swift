import NIOSSL

/// Owns the one connection to a site: opens it when it is needed, again when it is lost, and anew when the
/// certificates have changed.
actor FrameLink {
    private let address: FsiSite.FrameAddress
    private let timeout: Duration
    private var current: FrameConnection?
    /// The opening that all callers share meanwhile, and the certificates it is for.
    private var opening: (tls: TLSConfiguration, task: Task<Result<FrameConnection, PlatformFailure>, Never>)?
    private var isShut = false

    init(_ address: FsiSite.FrameAddress, timeout: Duration) {
        self.address = address
        self.timeout = timeout
    }

    func connection(_ tls: TLSConfiguration) async throws(PlatformFailure) -> FrameConnection {
        guard !isShut else { throw .notSent(.connectionLost, detail: "the transport has been shut down") }
        if let current, current.isOpen, current.tls.bestEffortEquals(tls) { return current }
        if let opening, opening.tls.bestEffortEquals(tls) { return try await opening.task.value.get() }
        let (address, timeout) = (address, timeout)
        let task = Task {
            do throws(PlatformFailure) {
                return Result<FrameConnection, PlatformFailure>.success(
                    try await FrameConnection.open(address, tls: tls, timeout: timeout))
            } catch {
                return .failure(error)
            }
        }
        opening = (tls, task)
        let result = await task.value
        if opening?.task == task { opening = nil }
        let connection = try result.get()
        if isShut {
            connection.close()
            throw .notSent(.connectionLost, detail: "the transport has been shut down")
        }
        current?.retire()
        current = connection
        return connection
    }

    func shutDown() {
        isShut = true
        current?.close()
        current = nil
    }
}
