//! The sinks that need nothing but the system: standard output and syslog. They remember nothing: a file beside the log does.

use super::follow::{Last, Sink, SinkTrouble};
use super::records::Line;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use tokio::net::{UdpSocket, UnixDatagram};
use tokio::sync::oneshot;

/// One JSON object a line on standard output.
#[derive(Debug, Default)]
pub struct Stdout {
    /// What is being written: by a thread of its own, which ends with the process whoever reads, or does not.
    writing: Option<oneshot::Receiver<io::Result<()>>>,
}

impl Sink for Stdout {
    fn name(&self) -> &'static str {
        "stdout"
    }

    async fn last(&mut self) -> Result<Last, SinkTrouble> {
        Ok(Last::Forgotten)
    }

    async fn deliver(&mut self, lines: &[Line]) -> Result<(), SinkTrouble> {
        let writing = match &mut self.writing {
            // These very lines, of which the first try took too long.
            Some(writing) => writing,
            none => {
                let text: String = lines.iter().flat_map(|line| [&*line.text, "\n"]).collect();
                let (done, written) = oneshot::channel();
                std::thread::Builder::new().name("audit stdout".to_owned()).spawn(move || {
                    let mut out = io::stdout().lock();
                    // Nobody waits any more where the proxy ends.
                    drop(done.send(out.write_all(text.as_bytes()).and_then(|()| out.flush())));
                })?;
                none.insert(written)
            }
        };
        let written = writing.await;
        self.writing = None;
        Ok(written.map_err(io::Error::other)??)
    }
}

/// Where syslog is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyslogAddress {
    /// A datagram socket of this machine's, such as `/dev/log`.
    Unix(PathBuf),
    /// RFC 5426. Nobody says whether a datagram came.
    Udp(SocketAddr),
}

/// RFC 5424 messages, the record as their text.
#[derive(Debug)]
pub struct Syslog {
    address: SyslogAddress,
    host: String,
    socket: Option<Socket>,
}

#[derive(Debug)]
enum Socket {
    Unix(UnixDatagram),
    Udp(UdpSocket),
}

/// Longer records are cut off here, bytes: a datagram has a size.
const LONGEST: usize = 32 * 1024;
/// `log audit` (RFC 5424, section 6.2.1), shifted.
const FACILITY: u8 = 13 << 3;
const WARNING: u8 = 4;
const NOTICE: u8 = 5;

impl Syslog {
    /// Messages to this address; it does not connect yet.
    #[must_use]
    pub fn new(address: SyslogAddress) -> Self {
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        let host: String = host.trim().chars().filter(char::is_ascii_graphic).take(255).collect();
        Self { address, host: if host.is_empty() { "-".to_owned() } else { host }, socket: None }
    }

    async fn socket(&mut self) -> io::Result<&Socket> {
        if self.socket.is_none() {
            self.socket = Some(match &self.address {
                SyslogAddress::Unix(path) => {
                    let socket = UnixDatagram::unbound()?;
                    socket.connect(path)?;
                    Socket::Unix(socket)
                }
                SyslogAddress::Udp(address) => {
                    let any = if address.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
                    let socket = UdpSocket::bind(any).await?;
                    socket.connect(address).await?;
                    Socket::Udp(socket)
                }
            });
        }
        self.socket.as_ref().ok_or_else(|| io::ErrorKind::NotConnected.into())
    }

    fn message(&self, line: &Line) -> String {
        let severity = match line.event.as_str() {
            "refusal" | "crossing" | "login_failed" | "torn" => WARNING,
            _ => NOTICE,
        };
        let (host, process) = (&self.host, std::process::id());
        // The record's own time: a message that was late tells when it happened.
        let time = line.text.strip_prefix("{\"time\":\"").and_then(|rest| rest.split('"').next()).unwrap_or("-");
        let text = line.text.get(..line.text.floor_char_boundary(LONGEST)).unwrap_or_default();
        format!("<{}>1 {time} {host} pgmoat {process} {} - {text}", FACILITY | severity, line.event)
    }
}

impl Sink for Syslog {
    fn name(&self) -> &'static str {
        "syslog"
    }

    async fn last(&mut self) -> Result<Last, SinkTrouble> {
        Ok(Last::Forgotten)
    }

    async fn deliver(&mut self, lines: &[Line]) -> Result<(), SinkTrouble> {
        for line in lines {
            let message = self.message(line);
            let sent = match self.socket().await? {
                Socket::Unix(socket) => socket.send(message.as_bytes()).await,
                Socket::Udp(socket) => socket.send(message.as_bytes()).await,
            };
            if let Err(error) = sent {
                // A syslog that was restarted has another socket under the same name.
                self.socket = None;
                return Err(error.into());
            }
        }
        Ok(())
    }
}
