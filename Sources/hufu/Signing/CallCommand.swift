import ActivationClient
import ArgumentParser
import AuditLog
import Foundation
import HTTPTypes
import RequestSigning

struct CallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Make a signed call through the gateway, as this device.",
        discussion: """
            name=value is a text and name:=json any other value; they become the query of GET and DELETE, and the \
            members of the body of POST and PUT. With --body they become the query in any case. For fsi-sm \
            members are those of `input`, unless one of them is `input` itself.

            Signed with this device's newest key for the profile; where it has none, one is registered. The \
            signature is made as the request leaves, with the server's time as far as it is known.

            EXAMPLES
              hufu call GET /v3/insured/status cardNo=330102199001011234 --profile v3.3.0
              hufu call POST /v3/claims amount:=100.00 items:='[1,2]' --profile gm
              hufu call POST /fsi/api/fsiPsnInfoService/queryPsnInfo --body 1101.json --profile tif

            EXIT CODES
              0   answered with 2xx
              1   refused by the gateway or by what stands behind it (4xx)
              2   this side can't do it: no device, a body that can't be signed
              3   the server can't be reached, or fails (5xx)
            """)

    @Argument(help: "GET, POST, PUT or DELETE.")
    var method: String

    @Argument(help: "The path at the gateway, such as /v3/insured/status; a query may follow.")
    var path: String

    @Argument(help: "name=value, name:=json.")
    var members: [String] = []

    @OptionGroup var device: DeviceOptions

    @Option(help: "The version of the signature: \(Profile.idList).")
    var profile: Profile

    @Option(help: "rfc9421 only: which of the device's keys.")
    var algorithm: SignatureAlgorithm?

    @Option(help: "The body's file, sent as it is; - is standard input.")
    var body: String?

    @Option(name: .customLong("header"), help: "A field, 'Name: value'; may be repeated.")
    var headers: [String] = []

    @Option(help: "Seconds for the call and its whole answer, less than the profile's window.")
    var timeout = 30

    @Flag(help: "Send it again when no answer comes, signed afresh: it does no harm twice. GET is so anyway.")
    var mayRepeat = false

    @OptionGroup var writing: WritingOptions

    func validate() throws {
        guard ["GET", "POST", "PUT", "DELETE"].contains(method.uppercased()) else {
            throw ValidationError("the method is GET, POST, PUT or DELETE")
        }
        guard path.hasPrefix("/"), path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !path.contains("#")
        else {
            throw ValidationError("the path starts with / and is plain ASCII")
        }
        guard algorithm == nil || profile == .rfc9421 else {
            throw ValidationError("--algorithm goes with --profile rfc9421")
        }
        guard 1..<profile.window ~= timeout else {
            throw ValidationError("--timeout must be between 1 and \(profile.window - 1)")
        }
    }

    func run() async throws {
        let message = try message()
        let client = try device.client()
        let key = try await key(client)
        let signed = try await client.signedClient(
            key, options: writing.options, deadline: .seconds(timeout))
        let answer = try await signed.send(
            message, mayRepeat: mayRepeat || message.head.method == .get)
        tell(answer.clock)
        guard (200..<300).contains(answer.status) else { throw APIProblem(answer.response) }
        show(answer.response)
    }

    private func key(_ client: ActivationClient) async throws -> DeviceSigningKey {
        if let key = try await client.signingKey(for: profile, algorithm: algorithm) { return key }
        let key = try await client.addSigningKey(for: profile, algorithm: algorithm)
        standardError("registered key \(key.id) for \(profile.id)")
        return key
    }

    private func message() throws -> HTTPMessage {
        let members = try CallMembers(members)
        let verb = HTTPRequest.Method(method.uppercased()) ?? .get
        let takesBody = body == nil && ![HTTPRequest.Method.get, .delete].contains(verb)
        var head = HTTPRequest(
            method: verb, scheme: nil, authority: nil, path: takesBody ? path : members.target(path))
        head.headerFields[.accept] = "application/json, */*;q=0.5"
        var bytes: [UInt8] = []
        if let body {
            bytes = Array(try ByteFiles.data(of: body))
        } else if takesBody {
            bytes = members.object
            // The envelope's other members are the caller's affair, given with --body.
            if profile == .fsiSM, !members.contains("input") {
                bytes = Array("{\"input\":".utf8) + bytes + [0x7D]
            }
        }
        if !bytes.isEmpty { head.headerFields[.contentType] = "application/json" }
        for header in headers {
            let parts = header.split(separator: ":", maxSplits: 1).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            guard parts.count == 2, let name = HTTPField.Name(parts[0]) else {
                throw CommandFailure(.environment, "error: “\(header.withoutControls)” is not 'Name: value'")
            }
            head.headerFields[name] = parts[1]
        }
        if profile == .csb { nameService(&head) }
        return HTTPMessage(head, body: bytes)
    }

    /// A csb signature covers these two; the service's name is the path's last part unless told otherwise.
    private func nameService(_ head: inout HTTPRequest) {
        let service = path.prefix { $0 != "?" }.split(separator: "/").last.map(String.init) ?? "service"
        for (name, value) in [("_api_name", service), ("_api_version", "1.0.0")] {
            guard let name = HTTPField.Name(name), head.headerFields[name] == nil else { continue }
            head.headerFields[name] = value
        }
    }

    private func tell(_ lesson: ClockOffset.Lesson) {
        switch lesson {
        case .corrected(let milliseconds):
            let seconds = Double(abs(milliseconds)) / 1000
            standardError(
                "clock: this machine is \(seconds) s \(milliseconds > 0 ? "behind" : "ahead of") the server; "
                    + "signed with the server's time where it mattered")
        case .beyondBound(let milliseconds):
            standardError(
                "clock: this machine and the server are \(abs(milliseconds) / 1000) s apart, too far to correct\n"
                    + "  cure: set the clock, by NTP for example")
        case .confirmed, .unreadable: break
        }
    }

    private func show(_ answer: APIResponse) {
        guard !device.json, let value = try? answer.json(), let object = value.object, !object.isEmpty else {
            return print(answer.text)
        }
        Table.printRecord(value, object.keys.sorted().map { Column(stringLiteral: $0) })
    }
}
