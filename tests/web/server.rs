//! The server: its ports, its connections, and what becomes of a request.

use std::convert::Infallible;
use std::future::pending;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::{Duration, Instant};

use hyper::body::Incoming;
use hyper::header::HeaderValue;
use hyper::http::uri::Authority;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::select;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::time::sleep;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::behaviour::{Plan, Wish, plan};
use super::body::{Order, Stream};
use super::limit::{Limit, Meter, Tells};
use super::log::{Entry, Log};
use super::tls::{self, Certificate};

/// How long a test waits for what must come: much longer than it takes on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(60);

/// How a server is, whatever it is asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setup {
    /// How many requests it takes,
    pub(crate) limit: Limit,
    /// and what it says of that.
    pub(crate) tells: Tells,
    /// How long a connection may wait for its next request before it is closed without a word.
    pub(crate) idle: Duration,
}

impl Default for Setup {
    fn default() -> Self {
        Self { limit: Limit::None, tells: Tells::Nothing, idle: Duration::from_secs(3600) }
    }
}

/// A server that runs until it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    shared: Arc<Shared>,
    runtime: Option<Runtime>,
    plain: u16,
    /// The ports of [`Certificate::ALL`].
    encrypted: Vec<u16>,
}

#[derive(Debug)]
struct Shared {
    log: Arc<Log>,
    meter: Meter,
    idle: Duration,
    /// Where `CONNECT` leads, whatever it asks for.
    tunnel: u16,
}

impl Server {
    pub(crate) fn new() -> Self {
        Self::with(Setup::default())
    }

    pub(crate) fn with(setup: Setup) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("there is a thread for the server");
        let ports = [None].into_iter().chain(Certificate::ALL.map(Some));
        let (listeners, ports): (Vec<_>, Vec<_>) =
            ports.map(|certificate| runtime.block_on(listen(certificate))).unzip();
        let shared = Arc::new(Shared {
            log: Arc::default(),
            meter: Meter::new(setup.limit, setup.tells),
            idle: setup.idle,
            tunnel: ports[1],
        });
        for (listener, certificate) in listeners.into_iter().flatten() {
            runtime.spawn(accept(listener, certificate, Arc::clone(&shared)));
        }
        Self { shared, runtime: Some(runtime), plain: ports[0], encrypted: ports[1..].to_vec() }
    }

    /// The address of a path, as in `/png`.
    pub(crate) fn url(&self, path: &str) -> String {
        self.at("127.0.0.1", path)
    }

    /// The address of a path under this name, or this spelling of the host.
    pub(crate) fn at(&self, host: &str, path: &str) -> String {
        format!("http://{host}:{}{path}", self.plain)
    }

    /// The encrypted address of a path under this name.
    pub(crate) fn tls(&self, certificate: Certificate, host: &str, path: &str) -> String {
        let at = Certificate::ALL.iter().position(|one| *one == certificate).expect("all of them are there");
        format!("https://{host}:{}{path}", self.encrypted[at])
    }

    /// The port of what is not encrypted.
    pub(crate) fn port(&self) -> u16 {
        self.plain
    }

    /// All requests so far.
    pub(crate) fn log(&self) -> Vec<Entry> {
        self.shared.log.entries()
    }

    /// The requests so far that went to this path, under whatever name, be it behind a proxy.
    pub(crate) fn asked(&self, path: &str) -> Vec<Entry> {
        let entries = self.log().into_iter();
        entries.filter(|entry| path_of(&entry.target) == path).collect()
    }

    /// The methods of these requests, as in `HEAD GET`.
    pub(crate) fn methods(&self, path: &str) -> String {
        self.asked(path).iter().map(|entry| entry.method.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// How often it was connected to.
    pub(crate) fn connections(&self) -> usize {
        self.shared.log.connections()
    }

    /// The most requests that it was at work on at a time: for this host, or with "" for all.
    pub(crate) fn most(&self, host: &str) -> usize {
        let host = if host.is_empty() { String::new() } else { format!("{host}:{}", self.plain) };
        self.shared.log.most(&host)
    }

    /// Waits until it was asked so often.
    #[track_caller]
    pub(crate) fn wait(&self, requests: usize) {
        let start = Instant::now();
        while self.log().len() < requests {
            assert!(start.elapsed() < PATIENCE, "not asked {requests} times: {:?}", self.log());
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // What hangs is not waited for.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// The path with its query, of a path or a whole address.
fn path_of(target: &str) -> &str {
    let Some((_, rest)) = target.split_once("://").filter(|_| !target.starts_with('/')) else {
        return target;
    };
    rest.find('/').map_or("/", |at| &rest[at..])
}

type Door = (TcpListener, Option<Certificate>);

/// Listens on a free port of this machine: of 127.0.0.1, and of two more of its addresses where it has them, which a
/// client has no reason to go to.
async fn listen(certificate: Option<Certificate>) -> (Vec<Door>, u16) {
    let first = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
    let port = first.local_addr().expect("it has an address").port();
    let mut doors = vec![(first, certificate)];
    let more: [IpAddr; 2] = [Ipv4Addr::new(127, 0, 0, 2).into(), Ipv6Addr::LOCALHOST.into()];
    for address in more {
        doors.extend(TcpListener::bind((address, port)).await.ok().map(|listener| (listener, certificate)));
    }
    (doors, port)
}

async fn accept(listener: TcpListener, certificate: Option<Certificate>, shared: Arc<Shared>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { return };
        let shared = Arc::clone(&shared);
        let number = shared.log.connect();
        tokio::spawn(async move {
            // Or a second half of a body would wait for the first to be acknowledged.
            let _ = stream.set_nodelay(true);
            let Some(certificate) = certificate else { return serve(stream, number, shared).await };
            let acceptor = TlsAcceptor::from(config(certificate));
            // Whoever does not like the certificate goes away.
            let Ok(stream) = acceptor.accept(stream).await else { return };
            if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
                serve_2(stream, number, shared).await;
            } else {
                serve(stream, number, shared).await;
            }
        });
    }
}

fn config(certificate: Certificate) -> Arc<ServerConfig> {
    static CONFIGS: LazyLock<[Arc<ServerConfig>; 3]> =
        LazyLock::new(|| Certificate::ALL.map(|certificate| Arc::new(tls::config(certificate))));
    Arc::clone(&CONFIGS[certificate as usize])
}

/// A connection that can be broken.
trait Wire: AsyncRead + AsyncWrite + Unpin {
    fn tcp(&self) -> &TcpStream;
}

impl Wire for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }
}

impl Wire for TlsStream<TcpStream> {
    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }
}

async fn serve(wire: impl Wire, number: usize, shared: Arc<Shared>) {
    let (orders, mut inbox) = unbounded_channel();
    let tunnel = shared.tunnel;
    let idle = shared.idle;
    let service = service_fn(move |request| answer(request, number, Arc::clone(&shared), orders.clone()));
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(idle)
        .serve_connection(TokioIo::new(wire), service);
    // What was written before an order is sent before it is obeyed.
    let order = select! {
        biased;
        _ = &mut connection => None,
        order = inbox.recv() => order,
    };
    let mut wire = connection.into_parts().io.into_inner();
    // The other end may be gone, which is all the same now.
    match order {
        None | Some(Order::Close) => {}
        Some(Order::Reset) => drop(wire.tcp().set_zero_linger()),
        Some(Order::Say(bytes)) => drop(wire.write_all(bytes).await),
        Some(Order::Flood) => {
            let _ = wire.write_all(b"HTTP/1.1 200 OK\r\n").await;
            let line = b"x-door: oak\r\n".repeat(1000);
            while wire.write_all(&line).await.is_ok() {}
        }
        Some(Order::Tunnel) => {
            let _ = wire.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
            let Ok(mut to) = TcpStream::connect((Ipv4Addr::LOCALHOST, tunnel)).await else { return };
            let _ = copy_bidirectional(&mut wire, &mut to).await;
        }
    }
}

/// The same over HTTP/2, where every order ends the connection.
async fn serve_2(wire: TlsStream<TcpStream>, number: usize, shared: Arc<Shared>) {
    let (orders, mut inbox) = unbounded_channel();
    let service = service_fn(move |request| answer(request, number, Arc::clone(&shared), orders.clone()));
    let connection = http2::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(wire), service);
    select! {
        _ = connection => {}
        _ = inbox.recv() => {}
    }
}

async fn answer(
    request: Request<Incoming>,
    connection: usize,
    shared: Arc<Shared>,
    orders: UnboundedSender<Order>,
) -> Result<Response<Stream>, Infallible> {
    let (number, before) = shared.log.begin(entry(&request, connection));
    let open = Open { log: &shared.log, number, status: None };
    let (is_taken, hints) = shared.meter.take();
    let plan = if request.method() == Method::CONNECT {
        Plan { order: Some(Order::Tunnel), ..Plan::default() }
    } else if is_taken {
        let wish = Wish {
            method: request.method(),
            path: request.uri().path(),
            query: request.uri().query().unwrap_or_default(),
            range: request.headers().get("range").and_then(|range| range.to_str().ok()),
            before,
        };
        plan(&wish)
    } else {
        Plan { status: 429, ..Plan::default() }
    };
    sleep(plan.pause).await;
    if plan.hangs {
        pending::<()>().await;
    }
    if let Some(order) = plan.order {
        // A connection that is gone has nobody to obey.
        let _ = orders.send(order);
        pending::<()>().await;
    }
    let is_head = request.method() == Method::HEAD;
    let parts = if is_head { Vec::new() } else { plan.parts };
    let mut response = Response::new(Stream::new(parts, Arc::clone(&shared.log), number, orders));
    *response.status_mut() = StatusCode::from_u16(plan.status).expect("a status has three digits");
    *response.headers_mut() = hints;
    for (name, value) in plan.headers {
        let value = HeaderValue::try_from(value).expect("headers are ASCII here");
        response.headers_mut().append(name, value);
    }
    open.end(plan.status);
    Ok(response)
}

fn entry(request: &Request<Incoming>, connection: usize) -> Entry {
    let uri = request.uri();
    // Over HTTP/2 a whole address comes with every request, and none is for a proxy.
    let is_proxied = request.version() < hyper::Version::HTTP_2 && uri.authority().is_some();
    let target = if is_proxied {
        uri.to_string()
    } else {
        uri.path_and_query().map_or("", |path| path.as_str()).to_owned()
    };
    let header = request.headers().get("host").and_then(|host| host.to_str().ok());
    let host = uri.authority().map(Authority::as_str).or(header).unwrap_or_default().to_owned();
    Entry {
        at: Instant::now(),
        method: request.method().to_string(),
        target,
        host,
        headers: request.headers().clone(),
        version: request.version(),
        connection,
        status: None,
        sent: 0,
    }
}

/// A request that is not answered yet; where the client goes away, it never is.
struct Open<'a> {
    log: &'a Log,
    number: usize,
    status: Option<u16>,
}

impl Open<'_> {
    fn end(mut self, status: u16) {
        self.status = Some(status);
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.log.answer(self.number, self.status);
    }
}
