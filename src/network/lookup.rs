//! Names to addresses: each name is looked up once, and only addresses that the guard allows come out.
//!
//! The connector asks here for each new connection and takes no address from anywhere else, so what is connected to is
//! what was checked. What the guard let pass is what is kept: a name server that later answers otherwise is not heard.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use dns_lookup::{AddrInfoHints, LookupErrorKind, SockType, getaddrinfo};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::watch;

use super::guard::{Guard, plain};
use crate::web::{Failure, Policy};

/// Who knows the addresses of names.
pub(super) trait Lookup: Send + Sync {
    /// The addresses of a name in small letters. May block.
    ///
    /// # Errors
    /// [`Failure::NoSuchHost`] where it is known that there are none, [`Failure::Lookup`] where nothing is known for now.
    fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, Failure>;
}

/// The system, as any program on this machine asks it: hosts file, name servers, and whatever else it is told to ask.
#[derive(Debug)]
pub(super) struct System;

impl Lookup for System {
    fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, Failure> {
        let hints = AddrInfoHints { socktype: SockType::Stream.into(), ..AddrInfoHints::default() };
        let found = getaddrinfo(Some(name), None, Some(hints)).map_err(|error| match error.kind() {
            LookupErrorKind::NoName | LookupErrorKind::NoData => Failure::NoSuchHost,
            LookupErrorKind::Again => Failure::Lookup("no name server answers for now".to_owned()),
            LookupErrorKind::Fail => Failure::Lookup("the name server fails".to_owned()),
            _ => Failure::Lookup("this machine cannot look up names".to_owned()),
        })?;
        Ok(found.filter_map(Result::ok).map(|found| found.sockaddr.ip()).collect())
    }
}

/// What is known of a name: addresses that may be connected to, or why there are none.
type Answer = Result<Arc<[IpAddr]>, Failure>;

/// All names of a run.
pub(super) struct Names(Arc<Shared>);

struct Shared {
    lookup: Arc<dyn Lookup>,
    guard: Arc<Guard>,
    /// Names that are not looked up.
    hosts: HashMap<String, Arc<[IpAddr]>>,
    /// The name of the proxy, which may be anywhere. Names behind it never come here.
    proxy: Option<String>,
    /// Those that were looked up, and those that are now (`None`).
    known: Mutex<HashMap<String, watch::Receiver<Option<Answer>>>>,
}

impl Names {
    /// `proxy` is the name of the proxy, if there is one.
    pub(super) fn new(
        policy: &Policy,
        guard: Arc<Guard>,
        lookup: Arc<dyn Lookup>,
        proxy: Option<&str>,
    ) -> Self {
        let hosts = policy.hosts.iter().map(|(name, addresses)| (plain(name), addresses.clone().into()));
        Self(Arc::new(Shared {
            lookup,
            guard,
            hosts: hosts.collect(),
            proxy: proxy.map(plain),
            known: Mutex::default(),
        }))
    }

    /// The addresses of a name that may be connected to. All that want the same name wait for the same lookup.
    pub(super) async fn addresses(&self, name: &str) -> Answer {
        let mut receiver = self.receiver(&plain(name));
        let answer = receiver.wait_for(Option::is_some).await.map(|answer| answer.clone());
        // The lookup ended without an answer: its thread had a bug, which was told by itself.
        answer.ok().flatten().unwrap_or_else(|| Err(Failure::Lookup("it was broken off".to_owned())))
    }

    /// Where the answer for a name will be; the first to ask has it looked up.
    fn receiver(&self, name: &str) -> watch::Receiver<Option<Answer>> {
        let mut known = self.0.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(receiver) = known.get(name) {
            return receiver.clone();
        }
        let (sender, receiver) = watch::channel(None);
        known.insert(name.to_owned(), receiver.clone());
        let (shared, owned) = (Arc::clone(&self.0), name.to_owned());
        // A thread of its own: a name server that does not answer would hold up the end of a run in the pool of tokio,
        // and a request that gives up waiting must not break off what others wait for.
        let thread = thread::Builder::new().name("lookup".to_owned()).spawn(move || {
            let answer = shared.look_up(&owned);
            if matches!(answer, Err(Failure::Lookup(_))) {
                // For now only: who asks again, has it looked up again.
                shared.known.lock().unwrap_or_else(PoisonError::into_inner).remove(&owned);
            }
            sender.send_replace(Some(answer));
        });
        if thread.is_err() {
            known.remove(name);
        }
        receiver
    }
}

impl Shared {
    fn look_up(&self, name: &str) -> Answer {
        let addresses = match self.hosts.get(name) {
            Some(addresses) => Arc::clone(addresses),
            // RFC 6761, 6.4: such names do not exist, and need not be looked up.
            None if name == "invalid" || name.ends_with(".invalid") => return Err(Failure::NoSuchHost),
            None => self.lookup.addresses(name)?.into(),
        };
        let is_allowed =
            |address: &IpAddr| self.proxy.as_deref() == Some(name) || self.guard.allows(name, *address);
        let allowed: Arc<[IpAddr]> = addresses.iter().copied().filter(is_allowed).collect();
        match addresses.first() {
            None => Err(Failure::NoSuchHost),
            Some(first) if allowed.is_empty() => Err(Failure::Guarded(first.to_string())),
            Some(_) => Ok(allowed),
        }
    }
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let names = Self(Arc::clone(&self.0));
        Box::pin(async move {
            match names.addresses(name.as_str()).await {
                Ok(addresses) => {
                    let addresses: Vec<SocketAddr> =
                        addresses.iter().map(|address| SocketAddr::new(*address, 0)).collect();
                    Ok(Box::new(addresses.into_iter()) as Addrs)
                }
                Err(failure) => Err(Box::new(Refused(failure)) as Box<dyn Error + Send + Sync>),
            }
        })
    }
}

/// A failure on its way through the errors of the HTTP client.
#[derive(Debug)]
pub(super) struct Refused(pub(super) Failure);

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Error for Refused {}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, VecDeque};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc;

    use super::*;
    use crate::web::Private;

    /// Gives one answer after the other, and counts.
    struct Script(Mutex<VecDeque<Result<Vec<IpAddr>, Failure>>>, AtomicUsize);

    impl Script {
        fn new(answers: impl IntoIterator<Item = Result<Vec<IpAddr>, Failure>>) -> Arc<Self> {
            Arc::new(Self(Mutex::new(answers.into_iter().collect()), AtomicUsize::new(0)))
        }
    }

    impl Lookup for Script {
        fn addresses(&self, _: &str) -> Result<Vec<IpAddr>, Failure> {
            self.1.fetch_add(1, Ordering::SeqCst);
            self.0.lock().unwrap().pop_front().expect("a lookup that the script does not have")
        }
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn names(policy: &Policy, lookup: Arc<dyn Lookup>, proxy: Option<&str>) -> Names {
        Names::new(policy, Arc::new(Guard::new(policy)), lookup, proxy)
    }

    fn asked(names: &Names, name: &str) -> Result<Vec<IpAddr>, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(names.addresses(name)).map(|addresses| addresses.to_vec())
    }

    #[test]
    fn only_addresses_that_the_guard_allows_come_out() {
        let script = Script::new([
            Ok(vec![ip("127.0.0.1"), ip("8.8.8.8"), ip("::1"), ip("2606:4700::1")]),
            Ok(vec![ip("169.254.169.254"), ip("10.0.0.1")]),
            Ok(vec![]),
        ]);
        let names = names(&Policy::default(), script, None);
        assert_eq!(asked(&names, "mixed.test"), Ok(vec![ip("8.8.8.8"), ip("2606:4700::1")]));
        assert_eq!(asked(&names, "private.test"), Err(Failure::Guarded("169.254.169.254".to_owned())));
        assert_eq!(asked(&names, "none.test"), Err(Failure::NoSuchHost));
    }

    #[test]
    fn a_name_is_looked_up_once_whatever_its_next_answer_would_be() {
        let script = Script::new([Ok(vec![ip("8.8.8.8")]), Ok(vec![ip("127.0.0.1")])]);
        let names = names(&Policy::default(), Arc::clone(&script) as Arc<dyn Lookup>, None);
        for name in ["a.test", "A.test", "a.test."] {
            assert_eq!(asked(&names, name), Ok(vec![ip("8.8.8.8")]));
        }
        assert_eq!(script.1.load(Ordering::SeqCst), 1);
        let script = Script::new([Err(Failure::NoSuchHost)]);
        let names = self::names(&Policy::default(), script, None);
        assert_eq!(asked(&names, "a.test"), Err(Failure::NoSuchHost));
        assert_eq!(asked(&names, "a.test"), Err(Failure::NoSuchHost));
    }

    #[test]
    fn what_fails_for_now_is_looked_up_again_and_guarded_anew() {
        let failure = Failure::Lookup("no name server answers for now".to_owned());
        let script = Script::new([Err(failure.clone()), Ok(vec![ip("127.0.0.1")])]);
        let names = names(&Policy::default(), script, None);
        assert_eq!(asked(&names, "a.test"), Err(failure));
        assert_eq!(asked(&names, "a.test"), Err(Failure::Guarded("127.0.0.1".to_owned())));
        assert_eq!(asked(&names, "a.test"), Err(Failure::Guarded("127.0.0.1".to_owned())));
    }

    #[test]
    fn those_who_ask_meanwhile_wait_for_the_same_lookup_even_if_the_first_gives_up() {
        /// Answers when it is told to.
        struct Slow(Mutex<mpsc::Receiver<()>>, AtomicUsize);
        impl Lookup for Slow {
            fn addresses(&self, _: &str) -> Result<Vec<IpAddr>, Failure> {
                self.1.fetch_add(1, Ordering::SeqCst);
                self.0.lock().unwrap().recv().unwrap();
                Ok(vec![ip("8.8.8.8")])
            }
        }
        let (go, wait) = mpsc::channel();
        let slow = Arc::new(Slow(Mutex::new(wait), AtomicUsize::new(0)));
        let names = Arc::new(names(&Policy::default(), Arc::clone(&slow) as Arc<dyn Lookup>, None));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let ask = |names: &Arc<Names>| {
                let names = Arc::clone(names);
                tokio::spawn(async move { names.addresses("a.test").await })
            };
            let first = ask(&names);
            tokio::task::yield_now().await;
            first.abort();
            let others: Vec<_> = (0..8).map(|_| ask(&names)).collect();
            tokio::task::yield_now().await;
            go.send(()).unwrap();
            for other in others {
                assert_eq!(other.await.unwrap().map(|addresses| addresses.to_vec()), Ok(vec![ip("8.8.8.8")]));
            }
        });
        assert_eq!(slow.1.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn the_policy_and_what_never_exists_come_before_the_system() {
        let hosts = BTreeMap::from([
            ("Staging.test".to_owned(), vec![ip("10.0.0.7")]),
            ("other.test".to_owned(), vec![ip("10.0.0.8")]),
            ("here.invalid".to_owned(), vec![ip("8.8.8.8")]),
        ]);
        let allow_private = vec![Private::Host("staging.test".to_owned())];
        let policy = Policy { allow_private, hosts, ..Policy::default() };
        let names = names(&policy, Script::new([]), None);
        assert_eq!(asked(&names, "staging.test"), Ok(vec![ip("10.0.0.7")]));
        assert_eq!(asked(&names, "other.test"), Err(Failure::Guarded("10.0.0.8".to_owned())));
        assert_eq!(asked(&names, "here.invalid"), Ok(vec![ip("8.8.8.8")]));
        assert_eq!(asked(&names, "gone.invalid"), Err(Failure::NoSuchHost));
    }

    #[test]
    fn the_proxy_may_be_anywhere() {
        let script = Script::new([Ok(vec![ip("10.0.0.1")]), Ok(vec![ip("10.0.0.2")])]);
        let names = names(&Policy::default(), script, Some("Proxy.internal"));
        assert_eq!(asked(&names, "proxy.internal"), Ok(vec![ip("10.0.0.1")]));
        assert_eq!(asked(&names, "a.test"), Err(Failure::Guarded("10.0.0.2".to_owned())));
    }

    #[test]
    fn the_system_knows_this_machine() {
        let addresses = System.addresses("localhost").unwrap();
        assert!(!addresses.is_empty() && addresses.iter().all(IpAddr::is_loopback), "{addresses:?}");
    }
}
