import Foundation
import HufuServer

/// What `hufu serve` takes as a process of its own, on a database with a million codes.
enum BenchProcess {
    private static let codes = 1_000_000

    static func measure(_ directory: String) async throws -> [BenchFigure] {
        let data = directory + "/million"
        try await fill(data)
        let bare = try started(["--version"])
        let start = ContinuousClock.now
        bare.waitUntilExit()
        let bareTime = start.duration(to: .now).milliseconds
        var ready: [Double] = []
        var memory: [Double] = []
        for _ in 0..<5 {
            let (time, resident) = try await serve(data)
            ready.append(time)
            memory.append(resident)
        }
        return [
            BenchFigure(
                name: "serve.ready_1m", value: ready.quantile(0.5), unit: "ms",
                yardstick: "ms of `hufu --version` as a process", yardstickValue: bareTime),
            BenchFigure(
                name: "serve.idle_memory", value: memory.quantile(0.5), unit: "MB",
                yardstick: "MB allowed", yardstickValue: 60),
        ]
    }

    /// In a function of its own: the directory's lock is let go when the server is.
    private static func fill(_ data: String) async throws {
        let stage = try await BenchStage(directory: data)
        try await stage.issue(codes, progress: ProgressBar("issuing 1,000,000 codes"))
        try await stage.server.close()
    }

    /// Milliseconds from the start to the first ready answer, and the resident memory a moment later.
    private static func serve(_ data: String) async throws -> (Double, Double) {
        let port = Int.random(in: 20000...40000)
        let start = ContinuousClock.now
        let process = try started(["serve", "--data", data, "--port", "\(port)", "--log-level", "error"])
        defer {
            process.terminate()
            process.waitUntilExit()
        }
        while !answersReady(port) {
            guard process.isRunning, start.duration(to: .now) < .seconds(30) else {
                throw CommandFailure(.environment, "error: hufu serve did not get ready")
            }
            usleep(2000)
        }
        let time = start.duration(to: .now).milliseconds
        try await Task.sleep(for: .seconds(2))
        return (time, residentMegabytes(process.processIdentifier))
    }

    private static func started(_ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// One request on a bare socket: a client library would take longer than the server.
    private static func answersReady(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { return false }
        let request = Array("GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
        guard write(descriptor, request, request.count) == request.count else { return false }
        var answer = [UInt8](repeating: 0, count: 16)
        return read(descriptor, &answer, 12) == 12 && answer.starts(with: "HTTP/1.1 200".utf8)
    }

    private static func residentMegabytes(_ process: Int32) -> Double {
        let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        let kilobytes = line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Double($0) } ?? .nan
        return kilobytes / 1024
    }
}
