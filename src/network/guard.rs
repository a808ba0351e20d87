//! Which addresses are asked: those of the public internet, and what the policy names besides.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use crate::web::{Policy, Private};

/// What the policy lets pass besides public addresses.
#[derive(Debug)]
pub(super) struct Guard {
    networks: Vec<IpNet>,
    hosts: Vec<String>,
}

impl Guard {
    pub(super) fn new(policy: &Policy) -> Self {
        let mut guard = Self { networks: Vec::new(), hosts: Vec::new() };
        for private in &policy.allow_private {
            match private {
                Private::Network(network) => guard.networks.push(*network),
                Private::Host(host) => guard.hosts.push(plain(host)),
            }
        }
        guard
    }

    /// Whether an address may be connected to, for a host as an address on the web writes it.
    pub(super) fn allows(&self, host: &str, address: IpAddr) -> bool {
        // `::ffff:10.0.0.7` is 10.0.0.7 to the system, so it is to a network of the policy.
        let canonical = address.to_canonical();
        is_public(address)
            || self.networks.iter().any(|network| network.contains(&address) || network.contains(&canonical))
            || self.names(host)
    }

    /// Whether all addresses of a host pass.
    fn names(&self, host: &str) -> bool {
        !self.hosts.is_empty() && self.hosts.contains(&plain(host))
    }
}

/// A name in the one form in which names are compared: in small letters and without the dot of the root.
pub(super) fn plain(host: &str) -> String {
    host.trim_end_matches('.').to_ascii_lowercase()
}

/// Whether an address is one of the public internet: globally reachable by the registries of IANA for special addresses
/// (<https://www.iana.org/assignments/iana-ipv4-special-registry>, `iana-ipv6-special-registry`), and nobody's metadata.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        // This network (RFC 791), and what is reserved, the broadcast address with it (RFC 1112).
        || a == 0
        || a >= 240
        // Shared by the customers of a provider (RFC 6598); the metadata of one cloud is there, too.
        || (a == 100 && b & 0b1100_0000 == 64)
        // For protocols (RFC 6890), the relays of 6to4 (RFC 7526), and benchmarks (RFC 2544).
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && b & 0b1111_1110 == 18);
    // The agent of Azure's machines answers here, in the midst of public addresses.
    !is_special && address != Ipv4Addr::new(168, 63, 129, 16)
}

/// Only `2000::/3` is given out (RFC 4291, 2.4), so what is outside of it is refused without a list of its own: loopback,
/// unspecified, IPv4-compatible, local, link-local, site-local, multicast, discarded, local NAT64. An address that
/// carries one of IPv4 is as public as that, where there still is a way to it.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        // ISATAP (RFC 5214, 6.1): a tunnel to an address of IPv4, under any prefix.
        [_, _, _, _, 0 | 0x200, 0x5efe, high, low] if !embedded(high, low) => false,
        // IPv4-mapped (RFC 4291, 2.5.5.2); NAT64 (RFC 6052), by which networks without IPv4 reach all of it; and 6to4
        // (RFC 3056).
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, _, _, _, _, _] => embedded(high, low),
        // For protocols (RFC 2928), with Teredo (RFC 4380) and benchmarks in it; documentation (RFC 3849, RFC 9637).
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_on_the_public_internet_is_refused_in_every_form() {
        let refused = [
            // IPv4, first and last of each block.
            "0.0.0.0",
            "0.255.255.255",
            "10.0.0.0",
            "10.255.255.255",
            "100.64.0.0",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.0.0",
            "169.254.255.255",
            "172.16.0.0",
            "172.31.255.255",
            "192.0.0.0",
            "192.0.0.255",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.0",
            "192.168.255.255",
            "198.18.0.0",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.0",
            "255.255.255.255",
            // Metadata of clouds.
            "169.254.169.254",
            "168.63.129.16",
            "100.100.100.200",
            "fd00:ec2::254",
            // IPv6.
            "::",
            "::1",
            "fc00::1",
            "fdff::1",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "feff::1",
            "ff00::1",
            "ff02::1",
            "100::1",
            "2001:db8::1",
            "3fff::1",
            "3fff:fff::1",
            "5f00::1",
            "4000::1",
            "1fff::1",
            "8000::1",
            // IPv4 in IPv6: mapped, compatible, translated, NAT64, 6to4, Teredo, ISATAP.
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "::8.8.8.8",
            "::ffff:0:127.0.0.1",
            "64:ff9b::127.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::8.8.8.8",
            "2002:7f00:1::1",
            "2002:a9fe:a9fe::1",
            "2002:a00:1::",
            "2001:0:7f00:1::",
            "2001::808:808",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
            "2606:4700::5efe:127.0.0.1",
            "2606:4700::200:5efe:10.0.0.1",
            "fe80::5efe:8.8.8.8",
        ];
        for address in refused {
            let address = address.parse().unwrap();
            assert!(!is_public(address), "{address}");
        }
    }

    #[test]
    fn what_is_on_the_public_internet_passes() {
        let public = [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.1",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.0.3.0",
            "192.88.98.1",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "168.63.129.15",
            "2606:4700:4700::1111",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2a00:1450::1",
            "3ffe::1",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
            "2002:808:808::1",
            "2606:4700::5efe:8.8.8.8",
        ];
        for address in public {
            let address = address.parse().unwrap();
            assert!(is_public(address), "{address}");
        }
    }

    #[test]
    fn the_policy_names_networks_and_hosts() {
        let allow_private = vec![
            Private::Network("10.0.0.0/8".parse().unwrap()),
            Private::Network("fd00::/8".parse().unwrap()),
            Private::Host("staging.internal".to_owned()),
        ];
        let guard = Guard::new(&Policy { allow_private, ..Policy::default() });
        let allows = |host: &str, address: &str| guard.allows(host, address.parse().unwrap());
        assert!(allows("a.test", "10.1.2.3"));
        assert!(allows("a.test", "::ffff:10.1.2.3"));
        assert!(allows("a.test", "fd00:ec2::254"));
        assert!(allows("a.test", "8.8.8.8"));
        assert!(!allows("a.test", "127.0.0.1"));
        assert!(!allows("a.test", "::ffff:127.0.0.1"));
        // A tunnel to a named network goes another way than the network itself.
        assert!(!allows("a.test", "2002:a01:203::1"));
        assert!(allows("staging.internal", "127.0.0.1"));
        assert!(allows("Staging.Internal.", "169.254.169.254"));
        assert!(!allows("b.staging.internal", "127.0.0.1"));
        assert!(!allows("staging.internal.test", "127.0.0.1"));
    }

    #[test]
    fn numbers_in_any_notation_are_addresses_before_they_are_sent() {
        let written = [
            "http://127.1/",
            "http://0x7f000001/",
            "http://2130706433/",
            "http://0177.0.0.1/",
            "http://127.0.0.1./",
            "http://0x7f.0x0.0x0.0x1/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::1]/",
            "http://0/",
            "http://①②⑦.0.0.1/",
            "http://127.0.0.1%2e/",
            "http://user:pass@127.0.0.1:80/",
        ];
        for url in written {
            let address = match url::Url::parse(url).unwrap().host().map(|host| host.to_owned()) {
                Some(url::Host::Ipv4(address)) => IpAddr::V4(address),
                Some(url::Host::Ipv6(address)) => IpAddr::V6(address),
                other => panic!("{url} is {other:?}"),
            };
            assert!(!is_public(address), "{url}");
        }
    }
}
