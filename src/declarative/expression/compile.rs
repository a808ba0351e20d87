//! From the text of an expression to a checked one: unknown names, and kinds of values that cannot go together, are
//! mistakes here and not silence later.

use std::ops::Range;

use minijinja::machinery::ast::{self, BinOpKind, CompareOpKind, Expr, UnaryOpKind};
use minijinja::machinery::{self, Span};
use serde_json::{Map, Value as Json};

use super::term::{Arithmetic, Comparison, Op, Term};
use super::value::{Kinds, Value};
use super::vocabulary::{FILE_PARTS, METRICS, camel, role_kinds};
use crate::article::Role;
use crate::schema::nearest;

/// Longer expressions are programs.
const LONGEST: usize = 4000;

/// How deep an expression may nest: what is checked and evaluated by recursion must not fill the stack.
const DEEPEST: usize = 100;

/// What is wrong with an expression, and the bytes of it.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::declarative) struct Wrong {
    pub(in crate::declarative) range: Range<usize>,
    pub(in crate::declarative) message: String,
    pub(in crate::declarative) help: Option<String>,
}

/// Reads and checks an expression. The values of the rule's options become constants.
pub(super) fn compile(source: &str, options: &Map<String, Json>) -> Result<Term, Vec<Wrong>> {
    if source.len() > LONGEST {
        let message = format!("the expression has {} bytes, and at most {LONGEST} are read", source.len());
        return Err(vec![Wrong { range: 0..source.len(), message, help: None }]);
    }
    let tree = machinery::parse_expr(source).map_err(|error| vec![syntax(source, &error)])?;
    let mut compiler = Compiler { source, options, wrong: Vec::new(), depth: 0 };
    match compiler.term(&tree) {
        Some(term) if compiler.wrong.is_empty() => Ok(term),
        _ => Err(compiler.wrong),
    }
}

/// The parser says what it did not expect, but not where: that is the first word that no text could follow.
fn syntax(source: &str, error: &minijinja::Error) -> Wrong {
    let mut last = 0;
    let mut range = None;
    for token in machinery::tokenize(source, true, minijinja::syntax::SyntaxConfig::default()) {
        let Ok((_, span)) = token else { break };
        let here = bytes(span);
        let is_viable = match machinery::parse_expr(&source[..here.end]) {
            Ok(_) => true,
            Err(error) => error.detail().is_some_and(|detail| detail.contains("unexpected end of input")),
        };
        if !is_viable {
            range = Some(here);
            break;
        }
        last = here.end;
    }
    let rest = &source[last..];
    let range = range.unwrap_or_else(|| last + rest.len() - rest.trim_start().len()..source.len());
    let what = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    let help = match &source.as_bytes()[range.start..] {
        [b'=', ..] => Some("write `==` to compare"),
        [b'&', ..] => Some("write `and`"),
        [b'|', ..] => Some("write `or`; a single `|` stands before a filter"),
        [b'!', ..] => Some("write `not`"),
        [b'?', ..] => Some("write `x if condition else y`"),
        _ => None,
    };
    Wrong { range, message: format!("the expression cannot be read: {what}"), help: help.map(str::to_owned) }
}

pub(super) fn bytes(span: Span) -> Range<usize> {
    span.start_offset as usize..span.end_offset as usize
}

pub(super) struct Compiler<'s> {
    source: &'s str,
    options: &'s Map<String, Json>,
    wrong: Vec<Wrong>,
    depth: usize,
}

/// `None` always means that a mistake was noted.
impl<'s> Compiler<'s> {
    pub(super) fn wrong<T>(
        &mut self,
        range: Range<usize>,
        message: String,
        help: Option<String>,
    ) -> Option<T> {
        self.wrong.push(Wrong { range, message, help });
        None
    }

    pub(super) fn term(&mut self, expr: &Expr<'s>) -> Option<Term> {
        self.depth += 1;
        let term = if self.depth > DEEPEST {
            self.wrong(bytes(expr.span()), "the expression nests too deep".to_owned(), None)
        } else {
            self.term_within(expr)
        };
        self.depth -= 1;
        term
    }

    fn term_within(&mut self, expr: &Expr<'s>) -> Option<Term> {
        match expr {
            Expr::Const(constant) => self.constant(&constant.value, bytes(constant.span())),
            Expr::Var(name) => self.name(name.id, bytes(name.span())),
            Expr::GetAttr(attribute) => {
                let end = bytes(attribute.span()).end;
                self.attribute(&attribute.expr, attribute.name, end - attribute.name.len()..end)
            }
            Expr::GetItem(item) => self.item(item, bytes(item.span()).end),
            Expr::Slice(slice) => self.slice(slice, bytes(slice.span()).end),
            Expr::UnaryOp(unary) => self.unary(unary, bytes(unary.span()).start),
            Expr::BinOp(binary) => self.binary(binary),
            Expr::Compare(compare) => {
                let first = self.term(&compare.expr);
                let rest = compare.ops.iter().map(|op| (comparison(op.op), &op.expr)).collect();
                self.compare(first, rest)
            }
            Expr::IfExpr(choice) => {
                let yes = self.term(&choice.true_expr);
                let condition = self.term(&choice.test_expr);
                let no = choice.false_expr.as_ref().map(|no| self.term(no));
                let (yes, condition) = (yes?, condition?);
                let no = match no {
                    Some(no) => Some(no?),
                    None => None,
                };
                let range = yes.range.start..no.as_ref().unwrap_or(&condition).range.end;
                let kinds = no.as_ref().map_or(Kinds::ANY, |no| no.kinds | yes.kinds);
                let op = Op::If(Box::new(condition), Box::new(yes), no.map(Box::new));
                Some(Term { op, range, kinds })
            }
            Expr::Filter(filter) => self.filter(filter, bytes(filter.span())),
            Expr::Test(test) => {
                let base = self.term(&test.expr);
                let range = bytes(test.span());
                let question = self.question(test.name, &test.args, &range);
                let (base, question) = (base?, question?);
                self.takes(&base, question.0)?;
                let range = base.range.start..range.end;
                Some(Term { op: Op::Test(Box::new(base), question.1), range, kinds: Kinds::BOOL })
            }
            Expr::List(list) => self.list(&list.items, bytes(list.span())),
            Expr::Tuple(tuple) => self.list(&tuple.items, bytes(tuple.span())),
            Expr::Call(call) => self.call(call, bytes(call.span())),
            Expr::Map(map) => {
                let message = "an expression has no mappings of its own".to_owned();
                self.wrong(bytes(map.span()), message, None)
            }
        }
    }

    fn constant(&mut self, value: &minijinja::Value, range: Range<usize>) -> Option<Term> {
        let value = if let Some(text) = value.as_str() {
            Value::Text(text.to_owned().into())
        } else if let Ok(value) = bool::try_from(value.clone()) {
            Value::Bool(value)
        } else if let Ok(number) = f64::try_from(value.clone()) {
            Value::Number(number)
        } else {
            let help = "`is undefined` asks whether a field is not there or empty".to_owned();
            return self.wrong(range, "\"none\" is no value of an article".to_owned(), Some(help));
        };
        let kinds = value.kinds();
        Some(Term { op: Op::Constant(value), range, kinds })
    }

    fn name(&mut self, name: &str, range: Range<usize>) -> Option<Term> {
        if let Some((_, metric, kinds)) = METRICS.iter().find(|(known, ..)| *known == name) {
            return Some(Term { op: Op::Metric(*metric), range, kinds: *kinds });
        }
        if name == "today" {
            return Some(Term { op: Op::Today, range, kinds: Kinds::TEXT });
        }
        let example = match name {
            "article" => "article.title",
            "role" => "role.title",
            "options" => "options.min",
            "file" => "file.name",
            _ => return self.unknown_name(name, range),
        };
        let help = format!("name what you mean of it, as in `{example}`");
        self.wrong(range, format!("\"{name}\" alone is no value"), Some(help))
    }

    fn unknown_name<T>(&mut self, name: &str, range: Range<usize>) -> Option<T> {
        let metrics = METRICS.iter().map(|(metric, ..)| *metric);
        let near =
            nearest(name, metrics.chain(["article", "role", "options", "file", "today", "true", "false"]));
        let is_role = Role::all().any(|role| camel(role.name()) == name);
        let help = match near {
            _ if is_role => format!("did you mean \"role.{name}\"?"),
            _ if self.options.keys().any(|option| camel(option) == name) => {
                format!("did you mean \"options.{name}\"?")
            }
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("a field is \"article.{name}\", and a text stands in quotes"),
        };
        self.wrong(range, format!("there is no \"{name}\""), Some(help))
    }

    /// `base.name`; `name` stands at `range`.
    fn attribute(&mut self, base: &Expr<'s>, name: &str, range: Range<usize>) -> Option<Term> {
        let Expr::Var(root) = base else {
            let base = self.term(base)?;
            return self.member(base, name, range);
        };
        let whole = bytes(root.span()).start..range.end;
        let (what, known): (_, Vec<String>) = match root.id {
            "article" => {
                return Some(Term { op: Op::Field(vec![name.to_owned()]), range: whole, kinds: Kinds::ANY });
            }
            "role" => {
                if let Some(role) = Role::all().find(|role| camel(role.name()) == name) {
                    return Some(Term { op: Op::Role(role), range: whole, kinds: role_kinds(role) });
                }
                ("role", Role::all().map(|role| camel(role.name())).collect())
            }
            "options" => {
                if let Some((_, value)) = self.options.iter().find(|(option, _)| camel(option) == name) {
                    let value = Value::of_option(value);
                    let kinds = value.kinds();
                    return Some(Term { op: Op::Constant(value), range: whole, kinds });
                }
                ("option of this rule", self.options.keys().map(|option| camel(option)).collect())
            }
            "file" => {
                if let Some((_, part)) = FILE_PARTS.iter().find(|(known, _)| *known == name) {
                    return Some(Term { op: Op::File(*part), range: whole, kinds: Kinds::TEXT });
                }
                ("part of the file's name", FILE_PARTS.iter().map(|(part, _)| (*part).to_owned()).collect())
            }
            _ => {
                let base = self.term(base)?;
                return self.member(base, name, range);
            }
        };
        let near = nearest(name, known.iter().map(String::as_str));
        let help = near.map(|near| format!("did you mean \"{near}\"?"));
        let help = help.or_else(|| (!known.is_empty()).then(|| format!("there are: {}", known.join(", "))));
        self.wrong(range, format!("\"{name}\" is no {what}"), help)
    }

    /// A key of something that may be a mapping.
    fn member(&mut self, base: Term, name: &str, range: Range<usize>) -> Option<Term> {
        let whole = base.range.start..range.end;
        if let Op::Field(mut path) = base.op {
            path.push(name.to_owned());
            return Some(Term { op: Op::Field(path), range: whole, kinds: Kinds::ANY });
        }
        if !base.kinds.meets(Kinds::MAP) {
            let message = format!("{} and has no \"{name}\"", self.described(&base));
            return self.wrong(range, message, None);
        }
        let key = Term { op: Op::Constant(Value::Text(name.to_owned().into())), range, kinds: Kinds::TEXT };
        Some(Term { op: Op::Item(Box::new(base), Box::new(key)), range: whole, kinds: Kinds::ANY })
    }

    fn item(&mut self, item: &ast::GetItem<'s>, end: usize) -> Option<Term> {
        let key = self.term(&item.subscript_expr)?;
        if let Op::Constant(Value::Text(name)) = &key.op {
            let name = name.clone().into_owned();
            let mut term = self.attribute(&item.expr, &name, key.range)?;
            term.range.end = end;
            return Some(term);
        }
        let base = self.term(&item.expr)?;
        if !base.kinds.meets(Kinds::LIST | Kinds::MAP) {
            let message = format!("{} and has no items", self.described(&base));
            return self.wrong(key.range, message, None);
        }
        let range = base.range.start..end;
        let op = match (base.op, &key.op) {
            (Op::Field(mut path), Op::Constant(Value::Number(index))) if *index >= 0.0 => {
                path.push(index.to_string());
                Op::Field(path)
            }
            (op, _) => Op::Item(Box::new(Term { op, ..base }), Box::new(key)),
        };
        Some(Term { op, range, kinds: Kinds::ANY })
    }

    fn slice(&mut self, slice: &ast::Slice<'s>, end: usize) -> Option<Term> {
        let base = self.term(&slice.expr);
        let mut bound = |bound: &Option<Expr<'s>>| match bound {
            Some(bound) => {
                let term = self.term(bound)?;
                self.must_be(&term, Kinds::NUMBER, "a place in it")?;
                Some(Some(Box::new(term)))
            }
            None => Some(None),
        };
        let (start, stop) = (bound(&slice.start), bound(&slice.stop));
        if let Some(step) = &slice.step {
            return self.wrong(bytes(step.span()), "a slice has no step here".to_owned(), None);
        }
        let base = base?;
        self.must_be(&base, Kinds::TEXT_OR_LIST, "what is sliced")?;
        let (range, kinds) = (base.range.start..end, base.kinds.and(Kinds::TEXT_OR_LIST));
        Some(Term { op: Op::Slice(Box::new(base), start?, stop?), range, kinds })
    }

    fn unary(&mut self, unary: &ast::UnaryOp<'s>, start: usize) -> Option<Term> {
        let term = self.term(&unary.expr)?;
        let range = start.min(term.range.start)..term.range.end;
        match unary.op {
            UnaryOpKind::Not => Some(Term { op: Op::Not(Box::new(term)), range, kinds: Kinds::BOOL }),
            UnaryOpKind::Neg => {
                self.must_be(&term, Kinds::NUMBER, "what stands behind \"-\"")?;
                let op = match term.op {
                    Op::Constant(Value::Number(number)) => Op::Constant(Value::Number(-number)),
                    op => Op::Negative(Box::new(Term { op, ..term })),
                };
                Some(Term { op, range, kinds: Kinds::NUMBER })
            }
        }
    }

    fn binary(&mut self, binary: &ast::BinOp<'s>) -> Option<Term> {
        let left = self.term(&binary.left);
        let operator = match binary.op {
            BinOpKind::Eq => return self.compare(left, vec![(Comparison::Equal, &binary.right)]),
            BinOpKind::Ne => return self.compare(left, vec![(Comparison::Unequal, &binary.right)]),
            BinOpKind::Lt => return self.compare(left, vec![(Comparison::Less, &binary.right)]),
            BinOpKind::Lte => return self.compare(left, vec![(Comparison::LessOrEqual, &binary.right)]),
            BinOpKind::Gt => return self.compare(left, vec![(Comparison::More, &binary.right)]),
            BinOpKind::Gte => return self.compare(left, vec![(Comparison::MoreOrEqual, &binary.right)]),
            BinOpKind::In => return self.compare(left, vec![(Comparison::In, &binary.right)]),
            BinOpKind::ScAnd | BinOpKind::ScOr | BinOpKind::Concat => None,
            BinOpKind::Add => Some(Arithmetic::Add),
            BinOpKind::Sub => Some(Arithmetic::Subtract),
            BinOpKind::Mul => Some(Arithmetic::Multiply),
            BinOpKind::Div => Some(Arithmetic::Divide),
            BinOpKind::FloorDiv => Some(Arithmetic::DivideWhole),
            BinOpKind::Rem => Some(Arithmetic::Remainder),
            BinOpKind::Pow => Some(Arithmetic::Power),
        };
        let right = self.term(&binary.right);
        let (left, right) = (left?, right?);
        let range = left.range.start..right.range.end;
        if let Some(operator) = operator {
            let mut is_right = true;
            for term in [&left, &right] {
                is_right &= self.must_be(term, Kinds::NUMBER, "what is computed with").is_some();
            }
            let op = Op::Arithmetic(operator, Box::new(left), Box::new(right));
            return is_right.then_some(Term { op, range, kinds: Kinds::NUMBER });
        }
        let both = left.kinds | right.kinds;
        let (left, right) = (Box::new(left), Box::new(right));
        let (op, kinds) = match binary.op {
            BinOpKind::ScAnd => (Op::And(left, right), both),
            BinOpKind::ScOr => (Op::Or(left, right), both),
            _ => (Op::Concat(left, right), Kinds::TEXT),
        };
        Some(Term { op, range, kinds })
    }

    fn compare(&mut self, first: Option<Term>, rest: Vec<(Comparison, &Expr<'s>)>) -> Option<Term> {
        let rest: Vec<_> = rest.into_iter().map(|(op, expr)| (op, self.term(expr))).collect();
        let first = first?;
        let rest: Option<Vec<_>> = rest.into_iter().map(|(op, term)| Some((op, term?))).collect();
        let rest = rest?;
        let mut left = &first;
        let mut is_right = true;
        for (op, right) in &rest {
            is_right &= self.can_compare(*op, left, right);
            left = right;
        }
        let range = first.range.start..left.range.end;
        is_right.then(|| Term { op: Op::Compare(Box::new(first), rest), range, kinds: Kinds::BOOL })
    }

    fn can_compare(&mut self, op: Comparison, left: &Term, right: &Term) -> bool {
        let range = left.range.start..right.range.end;
        let (message, help) = match op {
            Comparison::In | Comparison::NotIn => {
                if right.kinds.meets(Kinds::LIST | Kinds::MAP)
                    || right.kinds.meets(Kinds::TEXT) && left.kinds.meets(Kinds::TEXT)
                {
                    return true;
                }
                let message = format!("{}: nothing can be \"in\" it", self.described(right));
                let message = if right.kinds.meets(Kinds::TEXT) {
                    format!("{}: only a text is \"in\" a text", self.described(left))
                } else {
                    message
                };
                (message, None)
            }
            Comparison::Equal | Comparison::Unequal => {
                if left.kinds.meets(right.kinds) {
                    return true;
                }
                let message =
                    format!("{}, and {}: they are never equal", self.described(left), self.described(right));
                (message, None)
            }
            _ => {
                if left.kinds.and(right.kinds).meets(Kinds::TEXT_OR_NUMBER) {
                    return true;
                }
                let message = format!(
                    "{}, and {}: one is not more than the other",
                    self.described(left),
                    self.described(right)
                );
                let is_count = |one: &Term, other: &Term| {
                    one.kinds == Kinds::NUMBER && !other.kinds.meets(Kinds::NUMBER | Kinds::BOOL)
                };
                let is_count = is_count(left, right) || is_count(right, left);
                (message, is_count.then(|| "`| length` counts characters or items".to_owned()))
            }
        };
        self.wrong.push(Wrong { range, message, help });
        false
    }

    fn list(&mut self, items: &[Expr<'s>], range: Range<usize>) -> Option<Term> {
        let items: Vec<_> = items.iter().map(|item| self.term(item)).collect();
        let items = items.into_iter().collect::<Option<Vec<_>>>()?;
        let constant = |item: &Term| match &item.op {
            Op::Constant(value) => Some(value.clone()),
            _ => None,
        };
        let constants: Option<Vec<_>> = items.iter().map(constant).collect();
        let op = constants.map_or(Op::List(items), |constants| Op::Constant(Value::List(constants)));
        Some(Term { op, range, kinds: Kinds::LIST })
    }

    pub(super) fn must_be(&mut self, term: &Term, kinds: Kinds, what: &str) -> Option<()> {
        if term.kinds.meets(kinds) {
            return Some(());
        }
        let help = (term.kinds == Kinds::TEXT && kinds == Kinds::NUMBER)
            .then(|| "`| length` counts characters, and `~` puts texts together".to_owned());
        self.wrong(term.range.clone(), format!("{}, and {what} is {kinds}", self.described(term)), help)
    }

    /// As in `"role.title" is a text`.
    pub(super) fn described(&self, term: &Term) -> String {
        let written = self.source[term.range.clone()].trim_matches(['"', '\'']);
        format!("\"{written}\" is {}", term.kinds)
    }
}

fn comparison(op: CompareOpKind) -> Comparison {
    match op {
        CompareOpKind::Eq => Comparison::Equal,
        CompareOpKind::Ne => Comparison::Unequal,
        CompareOpKind::Lt => Comparison::Less,
        CompareOpKind::Lte => Comparison::LessOrEqual,
        CompareOpKind::Gt => Comparison::More,
        CompareOpKind::Gte => Comparison::MoreOrEqual,
        CompareOpKind::In => Comparison::In,
        CompareOpKind::NotIn => Comparison::NotIn,
    }
}
