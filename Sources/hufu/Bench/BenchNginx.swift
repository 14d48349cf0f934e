import Foundation
import Glibc

/// An nginx that answers one text and does nothing else: what a machine's network stack allows. A yardstick where
/// nginx is installed.
struct BenchNginx {
    private let process = Process()
    private let directory: String
    let port: Int

    /// Nil where there is no nginx, or it doesn't come up.
    init?(answering text: String, in directory: String) throws {
        guard
            let program = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"].first(where: {
                FileManager.default.isExecutableFile(atPath: $0)
            }), let port = Self.freePort()
        else { return nil }
        self.directory = directory
        self.port = port
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let configuration = """
            daemon off; worker_processes 2; pid \(directory)/nginx.pid; error_log \(directory)/error.log crit;
            events { worker_connections 1024; }
            http {
              access_log off; keepalive_requests 100000000;
              client_body_temp_path \(directory); proxy_temp_path \(directory); fastcgi_temp_path \(directory);
              uwsgi_temp_path \(directory); scgi_temp_path \(directory);
              server { listen 127.0.0.1:\(port); default_type application/json;
                location / { return 200 '\(text)'; } }
            }
            """
        let file = directory + "/nginx.conf"
        try configuration.write(toFile: file, atomically: true, encoding: .utf8)
        process.executableURL = URL(filePath: program)
        process.arguments = ["-p", directory, "-c", file]
        process.standardError = FileHandle.nullDevice
        try process.run()
        for _ in 0..<100 {
            if let connection = try? LoadConnection(port: port, request: "") {
                connection.end()
                return
            }
            usleep(20_000)
        }
        end()
        return nil
    }

    func end() {
        process.terminate()
        process.waitUntilExit()
    }

    /// One that the kernel just gave, and may give again: good enough for a yardstick.
    private static func freePort() -> Int? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        return isBound ? Int(UInt16(bigEndian: address.sin_port)) : nil
    }
}
