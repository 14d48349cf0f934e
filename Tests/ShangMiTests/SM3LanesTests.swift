import ShangMi
import Testing

@Suite("SM3 of many messages")
struct SM3LanesTests {
    @Test("Every digest is that of its message alone", arguments: ShangMi.Path.available)
    func anyLengths(path: ShangMi.Path) {
        var random = RandomBytes(seed: 6)
        for count in 0...40 {
            let messages = (0..<count).map { _ in random.bytes(Int.random(in: 0...300, using: &random)) }
            #expect(SM3.hash(several: messages, path: path) == messages.map { SM3.hash($0.span) })
        }
    }

    @Test("Lengths around a block's and a piece's end come out", arguments: ShangMi.Path.available)
    func edges(path: ShangMi.Path) {
        var random = RandomBytes(seed: 7)
        let edges = [
            0, 55, 56, 63, 64, 119, 120, 128, 959, 960, 1015, 1016, 1023, 1024, 1025, 1080, 2048, 3000,
        ]
        let messages = edges.map { random.bytes($0) }
        #expect(SM3.hash(several: messages, path: path) == messages.map { SM3.hash($0.span) })
        for message in messages {
            let same = [[UInt8]](repeating: message, count: 9)
            #expect(SM3.hash(several: same, path: path) == same.map { SM3.hash($0.span) })
        }
    }

    @Test("No messages have no digests")
    func none() {
        #expect(SM3.hash(several: []).isEmpty)
    }
}
