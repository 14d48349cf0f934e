public import Foundation

/// A device as a code knows it: the key that it signs with and the machine that it runs on.
public struct Device: Sendable, Equatable {
    /// RFC 7638 SHA-256 thumbprint of the device's public key: 32 bytes.
    public var keyThumbprint: Data
    public var fingerprint: DeviceFingerprint

    public init(keyThumbprint: Data, fingerprint: DeviceFingerprint) {
        self.keyThumbprint = keyThumbprint
        self.fingerprint = fingerprint
    }
}
