/// The national platform as a transaction sees it: REST, SOAP and binary frames look the same from here.
public protocol Platform: Sendable {
    /// Carries one call, once: nothing behind this seam repeats a money transaction.
    func carry(_ call: PlatformCall) async throws(PlatformFailure) -> PlatformAnswer
}
