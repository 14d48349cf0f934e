import Foundation

extension AuditEntry {
    /// The entry's canonical JSON (RFC 8785): what the log holds and the leaf hash is over.
    ///
    /// The members are written here in their canonical order, without a detour through ``json``; the two
    /// forms are tested to be the same. The result may be larger than ``maximumSize``: see
    /// ``checkedBytes()``.
    public func canonicalBytes() -> [UInt8] {
        var writer = CanonicalJSON(capacity: 1024)
        writer.write(raw: #"{"action":"#)
        writer.write(action)
        writer.write(raw: #","actor":{"#)
        writer.writeIdentity(id: actor.id, kind: actor.kind.rawValue)
        writer.write(raw: "}")
        if let applicationID {
            writer.write(raw: #","application_id":""#)
            writer.write(applicationID)
            writer.write(raw: #"""#)
        }
        writer.write(raw: #","commitments":{"#)
        writer.write(commitments)
        writer.write(raw: #"},"data":"#)
        writer.write(data)
        writer.write(raw: #","event":"#)
        writer.write(event)
        writer.write(raw: #","origin":{"door":"#)
        writer.write(origin.door)
        writer.write(raw: #"},"outcome":"#)
        writer.write(outcome.rawValue)
        writer.write(raw: #","policy_references":["#)
        for (index, reference) in policyReferences.enumerated() {
            if index > 0 { writer.write(raw: ",") }
            writer.write(reference)
        }
        writer.write(raw: "]")
        if let reason {
            writer.write(raw: #","reason":"#)
            writer.write(reason)
        }
        writer.write(raw: #","request_id":"#)
        writer.write(requestID)
        if let serialNumber {
            writer.write(raw: #","serial_number":"#)
            writer.write(serialNumber)
        }
        writer.write(raw: #","severity":"#)
        writer.write(Int64(severity))
        writer.write(raw: #","subject":{"#)
        writer.writeIdentity(id: subject.id, kind: subject.kind)
        writer.write(raw: #"},"time":""#)
        writer.write(time: unixMilliseconds)
        writer.write(raw: #"","trace_id":"#)
        writer.write(traceID)
        writer.write(raw: #","unix_ns":""#)
        writer.write(unixNanoseconds)
        writer.write(raw: #"","version":"#)
        writer.write(Int64(version))
        writer.write(raw: "}")
        return writer.bytes
    }

    /// ``canonicalBytes()``, refused when they do not fit the log.
    public func checkedBytes() throws(EntryTooLarge) -> [UInt8] {
        let bytes = canonicalBytes()
        guard bytes.count <= AuditEntry.maximumSize else { throw EntryTooLarge(size: bytes.count) }
        return bytes
    }
}

extension CanonicalJSON {
    fileprivate mutating func writeIdentity(id: String?, kind: String) {
        if let id {
            write(raw: #""id":"#)
            write(id)
            write(raw: ",")
        }
        write(raw: #""type":"#)
        write(kind)
    }

    fileprivate mutating func write(_ commitments: [String: Data]) {
        var sorted = Array(commitments)
        if sorted.count > 1 { sorted.sort { CanonicalJSON.precedes($0.key, $1.key) } }
        for (index, (field, commitment)) in sorted.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(field)
            write(raw: #":""#)
            Base64.write(commitment, into: &bytes)
            bytes.append(UInt8(ascii: "\""))
        }
    }

    /// In lower case (RFC 9562, section 4).
    fileprivate mutating func write(_ identifier: UUID) {
        withUnsafeBytes(of: identifier.uuid) { octets in
            for (index, octet) in octets.enumerated() {
                if index == 4 || index == 6 || index == 8 || index == 10 { bytes.append(UInt8(ascii: "-")) }
                bytes.append(Hexadecimal.digit(octet >> 4))
                bytes.append(Hexadecimal.digit(octet))
            }
        }
    }

    fileprivate mutating func write(time unixMilliseconds: Int64) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { buffer in
            let count = RFC3339.write(unixMilliseconds, into: buffer)
            bytes.append(contentsOf: buffer[..<count])
        }
    }
}
