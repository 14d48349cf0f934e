import ShangMi
import Testing

@Suite("Self-test")
struct SelfTestTests {
    @Test("The self-test passes here")
    func passes() throws {
        try ShangMi.selfTest()
    }

    @Test("The implementation is named")
    func implementation() {
        switch ShangMi.implementation {
        case .portable: #expect(ShangMi.Path.preferred == .portable)
        case .accelerated(let instructions): #expect(instructions.contains("PCLMULQDQ"))
        }
    }
}
