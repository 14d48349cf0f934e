import CoreFoundation
import Foundation
public import InsurancePlatform

/// What a sandbox is started with; everything has a default but the directory.
public struct SandboxConfiguration: Sendable {
    /// Where the CA, the keys and the ledger lie; made when it isn't there.
    public var dataDirectory: String
    /// Where HTTPS and frames listen. The control API is on loopback whatever this is.
    public var host = "127.0.0.1"
    /// Ports of HTTPS, frames and the control API; 0 takes a free one.
    public var port = 0
    public var framePort = 0
    public var controlPort = 0
    /// Names and addresses that the server's certificate holds beside `localhost`, 127.0.0.1 and ::1.
    public var hostNames: [String] = []
    /// Decides the made-up persons and which calls the faults strike.
    public var seed: UInt64 = 2026
    /// How many insured persons there are beside the well-known ones of docs/formats/sandbox.md.
    public var persons = 200
    public var institution = SandboxInstitution()
    /// Faults from the beginning.
    public var faults: [Fault] = []
    /// How long an access token is good, in seconds.
    public var accessTokenLifetime: Int64 = 900
    /// How long a refresh token is good, in seconds.
    public var refreshTokenLifetime: Int64 = 30 * 86_400
    /// For how many seconds after it was signed a request is taken, where that is shorter than its profile's
    /// window.
    public var signatureWindow: Int?
    /// Redirect URIs that the one client may use, compared exactly. A URI of loopback without a port stands
    /// for every port (RFC 8252 section 7.3).
    public var redirectURIs = ["http://127.0.0.1/callback", "http://localhost/callback"]
    /// How answers are written: infcode as a string, output as a string, numbers as strings.
    public var form = FsiResponse.Form()
    /// Unix milliseconds.
    public var clock: @Sendable () -> Int64 = SandboxConfiguration.systemClock

    public init(dataDirectory: String) { self.dataDirectory = dataDirectory }

    public static let systemClock: @Sendable () -> Int64 = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}

/// The institution that the sandbox knows; calls of any other are refused.
public struct SandboxInstitution: Sendable, Hashable {
    /// `fixmedins_code`, 12 characters.
    public var code = "H44010000001"
    /// `fixmedins_name`.
    public var name = "虎符沙箱测试医院"
    /// `mdtrtarea_admvs`.
    public var admvs = "440100"

    public init() {}
}
