//! What is read as a date, and what is not.

use super::*;

#[test]
fn dates_of_all_generators_are_read() {
    use Form::*;
    let cases: &[(&str, &str, &[Form])] = &[
        ("2024-01-02", "2024-01-02", &[]),
        ("2024-01-02T10:00:00Z", "2024-01-02T10:00:00Z", &[]),
        ("2024-01-02t10:00:00.5z", "2024-01-02T10:00:00.5Z", &[]),
        ("2024-01-02T10:00:00.250-08:00", "2024-01-02T10:00:00.25-08:00", &[]),
        ("2024-01-02T10:00:00", "2024-01-02T10:00:00", &[]),
        ("2024-01-02T10:00", "2024-01-02T10:00:00", &[Minutes]),
        ("2024-01-02 10:00", "2024-01-02T10:00:00", &[Space, Minutes]),
        ("2024-01-02 10:00:00 +0200", "2024-01-02T10:00:00+02:00", &[Space, ShortOffset]),
        ("2024-01-02 9:00:00 -5", "2024-01-02T09:00:00-05:00", &[Space, ShortOffset]),
        ("2024-01-02 10:00:00 UTC", "2024-01-02T10:00:00Z", &[Space, ShortOffset]),
        ("2024-01-02 10:00:00 +02:00 CEST", "2024-01-02T10:00:00+02:00", &[Space, ShortOffset]),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z", &[]),
        ("2024-1-2", "2024-01-02", &[Unpadded]),
        ("2024/01/02", "2024-01-02", &[Slashes]),
        ("2024.1.2 10:00:00", "2024-01-02T10:00:00", &[Slashes, Space]),
        ("20240102", "2024-01-02", &[Basic]),
        ("20240102T101500Z", "2024-01-02T10:15:00Z", &[Basic]),
        ("January 2, 2024", "2024-01-02", &[Words]),
        ("Jan 02 2024", "2024-01-02", &[Words]),
        ("Sept. 2nd, 2024", "2024-09-02", &[Words]),
        ("2 May 2024", "2024-05-02", &[Words]),
        ("02-Jan-2024", "2024-01-02", &[Words]),
        ("Tue, 02 Jan 2024 10:00:00 +0000", "2024-01-02T10:00:00Z", &[Words, Space, ShortOffset]),
        ("Tuesday, January 2, 2024", "2024-01-02", &[Words]),
        ("2024年1月2日", "2024-01-02", &[Words]),
        ("01/31/2024", "2024-01-31", &[MonthFirst]),
        ("31.1.2024", "2024-01-31", &[DayFirst]),
        ("02/02/2024", "2024-02-02", &[MonthFirst]),
    ];
    for (text, iso, forms) in cases {
        match read(text) {
            Reading::Date(moment, found) => {
                assert_eq!((&*moment.iso(), &*found), (*iso, *forms), "{text}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn what_is_no_date_says_why() {
    let cases = [
        ("2023-02-30", "February 2023 has 28 days"),
        ("2024-02-30", "February 2024 has 29 days"),
        ("April 31, 2024", "April 2024 has 30 days"),
        ("2024-13-01", "a year has no month 13"),
        ("2024-00-01", "a year has no month 0"),
        ("2024-01-00", "January 2024 has 31 days"),
        ("2024-01-02T25:00:00Z", "a day has no hour 25"),
        ("2024-01-02T10:61:00Z", "an hour has 60 minutes and a minute 60 seconds"),
        ("2024-01-02T10:00:00+99:00", "no place is so far from UTC"),
    ];
    for (text, why) in cases {
        assert_eq!(read(text), Reading::Impossible(why.to_owned()), "{text}");
    }
    let unknown = [
        "",
        "soon",
        "2024",
        "2024-01",
        "24-1-2",
        "1/2/24",
        "2024-01/02",
        "2024-01-02x",
        "2024-01-02T",
        "2024-01-02T10",
        "2024-01-02 10:00:00 PST",
        "2024-01-02T10:00:00Z!",
        "1704189600",
        "Mayor 2, 2024",
        "2024-W01-1",
        "Spring 2024",
        "January 2024",
        "2024年1月",
        "é",
    ];
    for text in unknown {
        assert_eq!(read(text), Reading::Unknown, "{text}");
    }
    let days = |month, day| jiff::civil::date(2024, month, day);
    assert_eq!(read("01/02/2024"), Reading::Ambiguous(days(1, 2), days(2, 1)));
}

#[test]
fn a_day_is_written_in_one_way() {
    assert_eq!(day("2027-01-01"), Some(jiff::civil::date(2027, 1, 1)));
    for text in ["2027-1-1", "2027-02-29", "2027-01-01T00:00:00Z", "20270101", "soon"] {
        assert_eq!(day(text), None, "{text}");
    }
}

#[test]
fn an_instant_needs_time_and_zone() {
    let instant = |text: &str| match read(text) {
        Reading::Date(moment, _) => moment.instant(),
        _ => None,
    };
    assert_eq!(instant("2024-01-02T01:00:00+02:00"), instant("2024-01-01T23:00:00Z"));
    assert!(instant("2024-01-01T23:00:00Z").is_some());
    assert_eq!(instant("2024-01-01T23:00:00"), None);
    assert_eq!(instant("2024-01-01"), None);
}

proptest::proptest! {
    #[test]
    fn what_is_read_is_read_again_as_it_is_written(text in "[0-9TZtz:/.+ -]{0,24}|[0-9]{1,4}[-/. 年][0-9A-Za-zé]{1,4}[-/. 月,][0-9日 ]{1,8}.{0,8}") {
        if let Reading::Date(moment, _) = read(&text) {
            let iso = moment.iso();
            proptest::prop_assert_eq!(read(&iso), Reading::Date(moment, Vec::new()), "{} {}", text, iso);
        }
    }
}

#[test]
fn what_is_surely_iso_is_read_as_such() {
    let (mut sure, mut read_so) = (0, 0);
    for day in
        ["2024-02-28", "2024-02-29", "2023-02-29", "2024-13-01", "2024-00-10", "2024-01-00", "2024/01/02"]
    {
        for time in ["", "T23:59:59", "T24:00:00", "T10:60:00", "T10:00:60", " 10:00:00", "T10:00"] {
            for end in ["", "Z", ".123Z", ".Z", ".1x3Z", "z", "+02:00"] {
                let text = format!("{day}{time}{end}");
                let is_iso = matches!(read(&text), Reading::Date(_, forms) if forms.is_empty());
                assert!(is_iso || !is_surely_iso(&text), "{text}");
                sure += u32::from(is_surely_iso(&text));
                read_so += u32::from(is_iso);
            }
        }
    }
    assert!(sure == 4 && read_so > sure);
}
