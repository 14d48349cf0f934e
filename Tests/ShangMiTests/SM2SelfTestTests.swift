import ShangMi
import Testing

@Suite("SM2: the self-test")
struct SM2SelfTestTests {
    @Test("Every known answer is given")
    func knownAnswers() throws { try ShangMi.selfTest() }
}
