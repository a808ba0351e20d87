//! What the statuses of HTTP are called.

/// A status and its name, as in `404 Not Found`. The names are those of the registry of the IANA
/// (<https://www.iana.org/assignments/http-status-codes/>); a status that is not in it has none.
#[must_use]
pub fn status(code: u16) -> String {
    let known = NAMES.binary_search_by_key(&code, |(code, _)| *code);
    known.map_or_else(|_| code.to_string(), |at| format!("{code} {}", NAMES[at].1))
}

/// Sorted by status.
const NAMES: [(u16, &str); 42] = [
    (300, "Multiple Choices"),
    (301, "Moved Permanently"),
    (302, "Found"),
    (303, "See Other"),
    (304, "Not Modified"),
    (307, "Temporary Redirect"),
    (308, "Permanent Redirect"),
    (400, "Bad Request"),
    (401, "Unauthorized"),
    (402, "Payment Required"),
    (403, "Forbidden"),
    (404, "Not Found"),
    (405, "Method Not Allowed"),
    (406, "Not Acceptable"),
    (407, "Proxy Authentication Required"),
    (408, "Request Timeout"),
    (409, "Conflict"),
    (410, "Gone"),
    (411, "Length Required"),
    (412, "Precondition Failed"),
    (413, "Content Too Large"),
    (414, "URI Too Long"),
    (415, "Unsupported Media Type"),
    (416, "Range Not Satisfiable"),
    (417, "Expectation Failed"),
    (421, "Misdirected Request"),
    (422, "Unprocessable Content"),
    (423, "Locked"),
    (424, "Failed Dependency"),
    (425, "Too Early"),
    (426, "Upgrade Required"),
    (428, "Precondition Required"),
    (429, "Too Many Requests"),
    (431, "Request Header Fields Too Large"),
    (451, "Unavailable For Legal Reasons"),
    (500, "Internal Server Error"),
    (501, "Not Implemented"),
    (502, "Bad Gateway"),
    (503, "Service Unavailable"),
    (504, "Gateway Timeout"),
    (507, "Insufficient Storage"),
    (511, "Network Authentication Required"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_statuses_are_found() {
        assert!(NAMES.is_sorted_by_key(|(code, _)| *code));
        assert_eq!(
            [404, 429, 511, 999].map(status),
            ["404 Not Found", "429 Too Many Requests", "511 Network Authentication Required", "999"]
        );
    }
}
