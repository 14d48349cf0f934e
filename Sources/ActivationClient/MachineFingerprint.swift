public import ActivationCodes
import Crypto
import Foundation

/// What this machine is recognized by, read from the system (Linux: /etc, /proc, /sys, /dev).
///
/// The values are serial numbers and addresses; they never leave the machine. What leaves it is
/// `hashed(for:)`.
public struct MachineFingerprint: Sendable, Equatable {
    public enum Component: String, CaseIterable, Sendable {
        case machineID = "machine_id"
        case cpu, disks, mac
    }

    /// What could be found; a machine without disks of its own (a container) lacks `disks`.
    public let values: [Component: String]

    public init(values: [Component: String]) { self.values = values }

    /// - Parameter root: where `/` is; another directory in tests.
    public init(root: String = "/") {
        let reader = SystemFiles(root: root)
        var values: [Component: String] = [:]
        values[.machineID] = Self.machineID(reader)
        values[.cpu] = Self.cpu(reader)
        values[.disks] = Self.disks(reader)
        values[.mac] = Self.addresses(reader)
        self.values = values
    }

    /// HMAC-SHA256 of each value under a key that only this product uses, so that two vendors can't find out
    /// that they know the same machine.
    ///
    /// - Throws: `CodeFieldError` when nothing at all was found.
    public func hashed(for product: String) throws(CodeFieldError) -> DeviceFingerprint {
        let key = SymmetricKey(data: SHA256.hash(data: Data("hufu-fingerprint-v1\n\(product)".utf8)))
        var hashes: [String: Data] = [:]
        for (component, value) in values {
            let message = Data("\(component.rawValue)\n\(value)".utf8)
            hashes[component.rawValue] = Data(HMAC<SHA256>.authenticationCode(for: message, using: key))
        }
        return try DeviceFingerprint(hashes)
    }

    private static func machineID(_ files: SystemFiles) -> String? {
        let text = files.text("etc/machine-id") ?? files.text("var/lib/dbus/machine-id")
        // systemd writes "uninitialized" before the first boot is over.
        return text.flatMap { $0.count >= 16 && $0 != "uninitialized" ? $0.lowercased() : nil }
    }

    /// The kind of processor, not how many there are: adding a core to a virtual machine makes no other
    /// machine.
    private static func cpu(_ files: SystemFiles) -> String? {
        let names = [
            "vendor_id", "cpu family", "model", "model name", "CPU implementer", "CPU architecture",
            "CPU variant",
            "CPU part", "Hardware", "Serial", "uarch", "isa",
        ]
        var found: [String: String] = [:]
        for line in (files.text("proc/cpuinfo") ?? "").split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            guard parts.count == 2, names.contains(parts[0]), found[parts[0]] == nil else { continue }
            found[parts[0]] = parts[1]
        }
        return found.isEmpty
            ? nil : names.compactMap { name in found[name].map { "\(name)=\($0)" } }.joined(separator: "\n")
    }

    private static func disks(_ files: SystemFiles) -> String? {
        let virtual = ["loop", "ram", "zram", "dm-", "md", "sr", "fd", "nbd"]
        let disks = files.names("sys/block").filter { name in
            !virtual.contains { name.hasPrefix($0) } && files.text("sys/block/\(name)/removable") != "1"
        }
        var serials = Set(
            disks.compactMap { disk in
                ["device/serial", "serial", "device/wwid", "wwid"].lazy.compactMap {
                    files.text("sys/block/\(disk)/\($0)")
                }
                .first
            })
        if serials.isEmpty {
            // Names by udev; those of partitions and of volumes would change with the partitioning.
            let skipped = ["dm-", "lvm-", "md-", "usb-"]
            serials = Set(
                files.names("dev/disk/by-id").filter { name in
                    !name.contains("-part") && !skipped.contains { name.hasPrefix($0) }
                })
        }
        return serials.isEmpty ? nil : serials.sorted().joined(separator: "\n")
    }

    /// Of network cards only: bridges, tunnels and containers' links have no device behind them, and come and
    /// go.
    private static func addresses(_ files: SystemFiles) -> String? {
        let cards = files.names("sys/class/net").filter { name in
            // 0 = burnt in; anything else was drawn or set by software.
            name != "lo" && files.exists("sys/class/net/\(name)/device")
                && (files.text("sys/class/net/\(name)/addr_assign_type") ?? "0") == "0"
        }
        let addresses = Set(cards.compactMap { files.text("sys/class/net/\($0)/address")?.lowercased() })
            .subtracting(["00:00:00:00:00:00"])
        return addresses.isEmpty ? nil : addresses.sorted().joined(separator: "\n")
    }
}

/// Reads small system files below a root; what can't be read is not there.
private struct SystemFiles {
    var root: String

    func text(_ path: String) -> String? {
        guard let data = FileManager.default.contents(atPath: full(path)) else { return nil }
        let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        return text.isEmpty ? nil : text
    }

    func names(_ path: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: full(path))) ?? []).sorted()
    }

    func exists(_ path: String) -> Bool { access(full(path), F_OK) == 0 }

    private func full(_ path: String) -> String { root.hasSuffix("/") ? root + path : "\(root)/\(path)" }
}
