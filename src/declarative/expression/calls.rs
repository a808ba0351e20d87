//! Filters and tests of an expression: their names, their arguments, and the patterns in them.

use std::ops::Range;

use minijinja::machinery::ast::{self, CallArg, Expr};
use regex::Regex;

use super::compile::{Compiler, bytes};
use super::term::{Call, Op, Question, Term};
use super::value::{Kinds, Value};
use super::vocabulary::{ELSEWHERE, FILTERS, HIGHER, Signature, TESTS, Test};
use crate::schema::nearest;

/// `None` always means that a mistake was noted.
impl<'s> Compiler<'s> {
    pub(super) fn call<T>(&mut self, call: &ast::Call<'s>, range: Range<usize>) -> Option<T> {
        let (name, at) = match &call.expr {
            Expr::Var(name) => (name.id, bytes(name.span())),
            Expr::GetAttr(attribute) => {
                let end = bytes(attribute.span()).end;
                (attribute.name, end - attribute.name.len()..end)
            }
            _ => return self.wrong(range, "an expression calls no functions".to_owned(), None),
        };
        let is_word = FILTERS.iter().any(|filter| filter.name == name) || HIGHER.contains(&name);
        let near = if is_word { Some(name) } else { nearest_filter(name) };
        let help = match near {
            Some(near) => format!("what is done to a value stands behind it: `value | {near}`"),
            None => "what is done to a value is a filter behind it, as in `role.title | length`".to_owned(),
        };
        self.wrong(at, format!("there is no function \"{name}\""), Some(help))
    }

    pub(super) fn filter(&mut self, filter: &ast::Filter<'s>, range: Range<usize>) -> Option<Term> {
        let Some(base) = &filter.expr else {
            return self.wrong(range, "a filter stands behind a value".to_owned(), None);
        };
        let base = self.term(base);
        let made = self.made(filter.name, &filter.args, &range);
        let (base, (call, takes, gives)) = (base?, made?);
        if !base.kinds.meets(takes) {
            let message = format!("{}, and \"{}\" takes {takes}", self.described(&base), filter.name);
            return self.wrong(base.range.start..range.end, message, None);
        }
        let kinds = match filter.name {
            "default" => base.kinds | gives,
            "first" | "last" if !base.kinds.meets(Kinds::LIST) => Kinds::TEXT,
            _ => gives,
        };
        let range = base.range.start..range.end;
        Some(Term { op: Op::Filter(Box::new(base), call), range, kinds })
    }

    /// A filter with its arguments, what it takes, and what it gives.
    fn made(
        &mut self,
        name: &str,
        args: &[CallArg<'s>],
        range: &Range<usize>,
    ) -> Option<(Call, Kinds, Kinds)> {
        let at = range.start..range.start + name.len();
        match name {
            "select" | "reject" => {
                let (test, rest) =
                    self.first_name(args, range, "a test", "select(\"starts_with\", \"/\")")?;
                let (_, question) = self.question(&test.0, rest, &test.1)?;
                return Some((Call::Select(question, name == "select"), Kinds::LIST, Kinds::LIST));
            }
            "map" => {
                if let [CallArg::Kwarg("attribute", key)] = args {
                    let key = self.term(key)?;
                    let Op::Constant(Value::Text(key)) = key.op else {
                        return self.wrong(key.range, "a key is a text in quotes".to_owned(), None);
                    };
                    return Some((Call::MapKey(key.into_owned()), Kinds::LIST, Kinds::LIST));
                }
                let (filter, rest) = self.first_name(args, range, "a filter", "map(\"lower\")")?;
                let (call, ..) = self.made(&filter.0, rest, &filter.1)?;
                return Some((Call::Map(Box::new(call)), Kinds::LIST, Kinds::LIST));
            }
            _ => {}
        }
        if let Some(test) = TESTS.iter().find(|test| test.name == name && test.word.is_filter()) {
            let (_, question) = self.question(name, args, range)?;
            return Some((Call::Ask(question), test.takes, Kinds::BOOL));
        }
        let Some(known) = FILTERS.iter().find(|filter| filter.name == name) else {
            let help = match nearest_filter(name) {
                Some(near) => Some(format!("did you mean \"{near}\"?")),
                None => {
                    TESTS.iter().any(|test| test.name == name).then(|| format!("it is a test: `is {name}`"))
                }
            };
            return self.wrong(at, format!("there is no filter \"{name}\""), help);
        };
        let args = self.args(known, args, range)?;
        let gives = match args.first() {
            Some(fallback) if name == "default" => fallback.kinds,
            _ => known.gives,
        };
        Some((Call::Plain(known.word, args), known.takes, gives))
    }

    /// The name that `select`, `reject` and `map` are given first, and where it stands.
    #[expect(clippy::type_complexity, reason = "a name with its place, and the rest")]
    fn first_name<'x>(
        &mut self,
        args: &'x [CallArg<'s>],
        range: &Range<usize>,
        what: &str,
        example: &str,
    ) -> Option<((String, Range<usize>), &'x [CallArg<'s>])> {
        if let Some((CallArg::Pos(first), rest)) = args.split_first()
            && let Expr::Const(constant) = first
            && let Some(name) = constant.value.as_str()
        {
            let at = bytes(constant.span());
            return Some(((name.to_owned(), at.start + 1..at.end - 1), rest));
        }
        let help = format!("as in `{example}`");
        self.wrong(range.clone(), format!("the name of {what} comes first, in quotes"), Some(help))
    }

    /// A test with its arguments.
    pub(super) fn question(
        &mut self,
        name: &str,
        args: &[CallArg<'s>],
        range: &Range<usize>,
    ) -> Option<(&'static Signature<Test>, Question)> {
        let Some(known) = TESTS.iter().find(|test| test.name == name) else {
            let elsewhere = ELSEWHERE.iter().find(|(other, _)| *other == name).map(|(_, here)| *here);
            let near = elsewhere.or_else(|| nearest(name, TESTS.iter().map(|test| test.name)));
            let help = near.map(|near| format!("did you mean \"{near}\"?"));
            let at = range.start..range.start + name.len();
            return self.wrong(at, format!("there is no test \"{name}\""), help);
        };
        let args = self.args(known, args, range)?;
        let pattern = match (known.word, args.first()) {
            (Test::Matches, Some(pattern)) => Some(self.pattern(pattern)?),
            _ => None,
        };
        Some((known, Question { test: known.word, args, pattern }))
    }

    fn args<W>(
        &mut self,
        known: &Signature<W>,
        args: &[CallArg<'s>],
        range: &Range<usize>,
    ) -> Option<Vec<Term>> {
        let mut terms = Vec::new();
        for arg in args {
            let CallArg::Pos(arg) = arg else {
                return self.wrong(range.clone(), format!("\"{}\" has no named arguments", known.name), None);
            };
            terms.push(self.term(arg)?);
        }
        if terms.len() < known.required || terms.len() > known.args.len() {
            let count = match (known.required, known.args.len()) {
                (_, 0) => "none".to_owned(),
                (least, most) if least == most => format!("{least}"),
                (least, most) => format!("{least} to {most}"),
            };
            let message = format!("\"{}\" is given {} arguments and takes {count}", known.name, terms.len());
            return self.wrong(range.clone(), message.replace(" 1 arguments", " 1 argument"), None);
        }
        for (term, kinds) in terms.iter().zip(known.args) {
            self.must_be(term, *kinds, &format!("what \"{}\" is given", known.name))?;
        }
        Some(terms)
    }

    /// Compiled here, once: of an article's own text no pattern is made.
    fn pattern(&mut self, term: &Term) -> Option<Regex> {
        let Op::Constant(Value::Text(pattern)) = &term.op else {
            let message = "the pattern of \"matches\" is a text in quotes or an option".to_owned();
            return self.wrong(term.range.clone(), message, None);
        };
        // `\b` in quotes is a backspace, which nobody looks for.
        match Regex::new(&pattern.replace('\u{8}', r"\b")) {
            Ok(pattern) => Some(pattern),
            Err(error) => {
                let error = error.to_string();
                let reason = error.rsplit("error: ").next().unwrap_or(&error);
                self.wrong(term.range.clone(), format!("the pattern cannot be read: {reason}"), None)
            }
        }
    }

    pub(super) fn takes<W>(&mut self, base: &Term, known: &Signature<W>) -> Option<()> {
        if base.kinds.meets(known.takes) {
            return Some(());
        }
        let message = format!("{}, and \"{}\" asks about {}", self.described(base), known.name, known.takes);
        self.wrong(base.range.clone(), message, None)
    }
}

fn nearest_filter(name: &str) -> Option<&'static str> {
    let elsewhere = ELSEWHERE.iter().find(|(other, _)| *other == name).map(|(_, here)| *here);
    let tests = TESTS.iter().filter(|test| test.word.is_filter()).map(|test| test.name);
    let names = || FILTERS.iter().map(|filter| filter.name).chain(HIGHER).chain(tests);
    elsewhere
        .filter(|here| FILTERS.iter().any(|filter| filter.name == *here) || here.contains('_'))
        .or_else(|| nearest(name, names()))
}
