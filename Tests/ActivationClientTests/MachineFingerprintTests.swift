import ActivationClient
import ActivationCodes
import Foundation
import Testing

struct MachineFingerprintTests {
    static let machineID = "0123456789abcdef0123456789abcdef"

    static func machine(_ root: TemporaryDirectory) throws {
        try root.write(machineID + "\n", to: "etc/machine-id")
        try root.write(
            """
            processor\t: 0
            vendor_id\t: GenuineIntel
            cpu family\t: 6
            model\t\t: 85
            model name\t: Xeon
            cpu MHz\t\t: 2999.998

            processor\t: 1
            vendor_id\t: GenuineIntel
            """, to: "proc/cpuinfo")
        try root.write("S2\n", to: "sys/block/sdb/device/serial")
        try root.write("naa.1\n", to: "sys/block/sda/device/wwid")
        try root.write("LOOP", to: "sys/block/loop0/serial")
        try root.write("USB", to: "sys/block/sdc/device/serial")
        try root.write("1", to: "sys/block/sdc/removable")
        try root.write("AA:BB:CC:00:11:22\n", to: "sys/class/net/eth0/address")
        try root.write("", to: "sys/class/net/eth0/device/uevent")
        try root.write("02:42:00:00:00:01\n", to: "sys/class/net/docker0/address")
        try root.write("00:00:00:00:00:00\n", to: "sys/class/net/lo/address")
    }

    @Test func `every component is read, and nothing virtual or removable`() throws {
        let root = try TemporaryDirectory()
        try Self.machine(root)
        let values = MachineFingerprint(root: root.path).values
        #expect(values[.machineID] == Self.machineID)
        #expect(values[.cpu] == "vendor_id=GenuineIntel\ncpu family=6\nmodel=85\nmodel name=Xeon")
        #expect(values[.disks] == "S2\nnaa.1")
        #expect(values[.mac] == "aa:bb:cc:00:11:22")
    }

    @Test func `missing components are left out`() throws {
        let root = try TemporaryDirectory()
        try root.write("uninitialized\n", to: "etc/machine-id")
        try root.write("model name : x\n", to: "proc/cpuinfo")
        let fingerprint = MachineFingerprint(root: root.path)
        #expect(Set(fingerprint.values.keys) == [.cpu])
        #expect(Set(try fingerprint.hashed(for: "p").components.keys) == ["cpu"])
    }

    @Test func `without serial numbers the names by id count, but no partitions`() throws {
        let root = try TemporaryDirectory()
        for name in ["nvme-Disk_1", "nvme-Disk_1-part1", "dm-name-root", "usb-Stick"] {
            try root.write("", to: "dev/disk/by-id/\(name)")
        }
        #expect(MachineFingerprint(root: root.path).values[.disks] == "nvme-Disk_1")
    }

    @Test func `hashes differ by product, component and value, and are stable`() throws {
        let one = MachineFingerprint(values: [.machineID: "x", .cpu: "x"])
        let hashes = try one.hashed(for: "a").components
        #expect(hashes == (try one.hashed(for: "a").components))
        #expect(hashes["machine_id"] != hashes["cpu"])
        #expect(hashes["cpu"] != (try one.hashed(for: "b").components["cpu"]))
        #expect(
            hashes["cpu"] != (try MachineFingerprint(values: [.cpu: "y"]).hashed(for: "a").components["cpu"]))
        #expect(hashes.values.allSatisfy { $0.count == 32 })
    }

    @Test func `a machine that has nothing has no fingerprint`() throws {
        let root = try TemporaryDirectory()
        let fingerprint = MachineFingerprint(root: root.path)
        #expect(fingerprint.values.isEmpty)
        #expect(throws: (any Error).self) { try fingerprint.hashed(for: "p") }
    }
}
