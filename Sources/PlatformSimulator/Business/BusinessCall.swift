import Crypto
import InsurancePlatform

/// One call as the business sees it: the envelope, read and checked, and when it came.
struct BusinessCall: Sendable {
    let request: FsiRequest
    /// Unix milliseconds by the sandbox's clock.
    let received: Int64

    var infno: String { request.infno }
    var institution: String { request.fixmedinsCode }
    /// `yyyy-MM-dd` in China.
    var day: String { ChinaTime.text(received, .date) }

    /// Tells one request from another under the same msgid.
    var digest: [UInt8] {
        var hash = SHA256()
        hash.update(data: Array(infno.utf8) + [0])
        hash.update(data: request.input.text())
        return Array(hash.finalize())
    }
}
