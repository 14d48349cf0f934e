import Testing

@testable import InsurancePlatform

@Suite("Calls that wait on a connection of frames")
struct FrameWaitersTests {
    @Test("that come after its end are told why it ended first, and that they weren't sent")
    func late() async {
        let waiters = FrameWaiters()
        waiters.end(.tlsFailed, "TLS failed")
        waiters.end(.connectionLost, "the connection was lost")
        let result = await withCheckedContinuation { continuation in
            #expect(!waiters.enter(1, continuation))
        }
        #expect(throws: PlatformFailure.notSent(.tlsFailed, detail: "TLS failed")) { try result.get() }
        #expect(!waiters.isOpen)
    }
}
