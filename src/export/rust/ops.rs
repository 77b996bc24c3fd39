//! Operators and built-in calls.

use crate::export::tree::Expr;
use crate::export::tree::types::{Kind, Size, compares};
use crate::lang::plan::{BinaryOp, Builtin, Literal, UnaryOp};

use super::stmt::literal;
use super::types::Ty;
use super::writer::{Code, Form, Writer};

impl Writer<'_> {
    /// `-x` and `not x`.
    pub fn unary(&mut self, op: UnaryOp, operand: &Expr) -> Code {
        let wild = self.types.borrow_mut().expr(operand).size == Size::Wild;
        let code = self.expr(operand);
        match (op, &code.ty) {
            (UnaryOp::Not, Ty::Bool) => Code::loose(format!("!{}", code.operand()), Ty::Bool),
            (UnaryOp::Neg, Ty::Float) => Code::loose(format!("-{}", code.operand()), Ty::Float),
            (UnaryOp::Neg, Ty::Int) if !wild => Code::loose(format!("-{}", code.operand()), Ty::Int),
            _ => {
                let value = self.kept_as(&code, &Ty::Value);
                let method = if op == UnaryOp::Not { "not" } else { "neg" };
                Code::owned(format!("{value}.{method}()?"), Ty::Value)
            }
        }
    }

    /// Everything with two operands.
    pub fn binary(&mut self, expr: &Expr, op: BinaryOp, left: &Expr, right: &Expr) -> Code {
        if matches!(op, BinaryOp::And | BinaryOp::Or) {
            let (a, b) = (self.condition(left), self.condition(right));
            let word = if op == BinaryOp::And { "&&" } else { "||" };
            return Code::loose(format!("{} {word} {}", wrapped(&a), wrapped(&b)), Ty::Bool);
        }
        let (a, b) = (self.expr(left), self.expr(right));
        let direct = match op {
            BinaryOp::Eq | BinaryOp::Ne => self.equality(op, &a, &b),
            op if compares(op) => self.comparison(op, &a, &b),
            op => self.arithmetic(expr, op, &a, &b, literal(right)),
        };
        direct.unwrap_or_else(|| self.dynamic(op, &a, &b))
    }

    fn equality(&mut self, op: BinaryOp, a: &Code, b: &Code) -> Option<Code> {
        let simple = |ty: &Ty| matches!(ty, Ty::Bool | Ty::Int | Ty::Float | Ty::Duration | Ty::Str);
        let lists =
            matches!(&a.ty, Ty::List(item) if matches!(**item, Ty::Bool | Ty::Int | Ty::Str | Ty::Duration));
        (a.ty == b.ty && (simple(&a.ty) || lists)).then(|| {
            let text = format!("{} {} {}", a.operand(), op.text(), b.operand());
            Code::loose(text, Ty::Bool)
        })
    }

    fn comparison(&mut self, op: BinaryOp, a: &Code, b: &Code) -> Option<Code> {
        match (&a.ty, &b.ty) {
            (Ty::Int, Ty::Int) | (Ty::Float, Ty::Float) | (Ty::Duration, Ty::Duration) => {}
            (Ty::Str, Ty::Str) => {
                let as_str = |code: &Code| match code.form {
                    Form::Text => code.text.clone(),
                    _ => format!("{}.as_str()", code.operand()),
                };
                let text = format!("{} {} {}", as_str(a), op.text(), as_str(b));
                return Some(Code::loose(text, Ty::Bool));
            }
            _ => return None,
        }
        Some(Code::loose(format!("{} {} {}", a.operand(), op.text(), b.operand()), Ty::Bool))
    }

    fn arithmetic(
        &mut self,
        expr: &Expr,
        op: BinaryOp,
        a: &Code,
        b: &Code,
        by: Option<&Literal>,
    ) -> Option<Code> {
        use BinaryOp::{Add, Div, FloorDiv, Mul, Rem, Sub};
        let known = self.types.borrow_mut().expr(expr);
        let fits = known.size != Size::Wild;
        let (x, y) = (a.operand(), b.operand());
        let text = match (op, &a.ty, &b.ty, by) {
            (Add | Sub | Mul, Ty::Int, Ty::Int, _) if fits => format!("{x} {} {y}", op.text()),
            (Add | Sub | Mul, Ty::Int, Ty::Int, _) => {
                let method = match op {
                    Add => "checked_add",
                    Sub => "checked_sub",
                    _ => "checked_mul",
                };
                let whole = in_bits(&x);
                let checked = format!("{whole}.{method}({})", b.text);
                return Some(Code::owned(format!("{}({checked})?", self.helper("in_64_bits")), Ty::Int));
            }
            (FloorDiv, Ty::Int, Ty::Int, Some(Literal::Int(1..))) => {
                let whole = in_bits(&x);
                return Some(Code::owned(format!("{whole}.div_euclid({})", b.text), Ty::Int));
            }
            (Rem, Ty::Int, Ty::Int, Some(Literal::Int(1..))) => {
                let whole = in_bits(&x);
                return Some(Code::owned(format!("{whole}.rem_euclid({})", b.text), Ty::Int));
            }
            (Div, Ty::Int, Ty::Int, Some(Literal::Int(number))) if *number != 0 => {
                return Some(Code::loose(format!("{x} as f64 / {number}.0"), Ty::Float));
            }
            (Add, Ty::Duration, Ty::Duration, _) if fits => format!("{x} + {y}"),
            (Mul, Ty::Duration, Ty::Int, Some(Literal::Int(number @ 0..=0xFFFF_FFFF))) if fits => {
                format!("{x} * {number}")
            }
            (Add, Ty::Str, Ty::Str, _) => {
                let (x, y) = (a.text.clone(), b.text.clone());
                return Some(Code::owned(format!("format!(\"{{}}{{}}\", {x}, {y})"), Ty::Str));
            }
            (Add, Ty::List(one), Ty::List(other), _) if one == other && **one != Ty::Never => {
                return Some(Code::owned(
                    format!("[{}, {}].concat()", self.kept(a), self.kept(b)),
                    a.ty.clone(),
                ));
            }
            _ => return None,
        };
        Some(Code::loose(text, a.ty.clone()))
    }

    /// By the values themselves.
    fn dynamic(&mut self, op: BinaryOp, a: &Code, b: &Code) -> Code {
        let (x, y) = (self.kept_as(a, &Ty::Value), self.kept_as(b, &Ty::Value));
        let method = match op {
            BinaryOp::Eq => return Code::owned(format!("{x}.equals(&{y})"), Ty::Bool),
            BinaryOp::Ne => return Code::loose(format!("!{x}.equals(&{y})"), Ty::Bool),
            BinaryOp::Lt => "is_lt",
            BinaryOp::Le => "is_le",
            BinaryOp::Gt => "is_gt",
            BinaryOp::Ge => "is_ge",
            BinaryOp::Add => "add",
            BinaryOp::Sub => "sub",
            BinaryOp::Mul => "mul",
            BinaryOp::Div => "div",
            BinaryOp::FloorDiv => "floor_div",
            BinaryOp::Rem => "rem",
            BinaryOp::And | BinaryOp::Or => "both",
        };
        if compares(op) {
            return Code::owned(
                format!("{}({x}, {y}, std::cmp::Ordering::{method})?", self.helper("ordered")),
                Ty::Bool,
            );
        }
        Code::owned(format!("{x}.{method}({y})?"), Ty::Value)
    }

    /// `xs[i]`.
    pub fn index(&mut self, of: &Expr, at: &Expr) -> Code {
        let (of, at) = (self.expr(of), self.expr(at));
        match (&of.ty, &at.ty) {
            (Ty::List(item), Ty::Int) if **item != Ty::Never => Code::owned(
                format!("{}(&{}, {})?", self.helper("item"), of.operand(), at.text),
                (**item).clone(),
            ),
            (Ty::Str, Ty::Int) => {
                let text = if of.form == Form::Text { of.text.clone() } else { format!("&{}", of.operand()) };
                Code::owned(format!("{}({text}, {})?", self.helper("letter"), at.text), Ty::Str)
            }
            _ => {
                let (of, at) = (self.kept_as(&of, &Ty::Value), self.kept_as(&at, &Ty::Value));
                Code::owned(format!("{of}.index({at})?"), Ty::Value)
            }
        }
    }

    /// `len(x)` and its like.
    pub fn builtin(&mut self, expr: &Expr, builtin: Builtin, args: &[Expr]) -> Code {
        let codes: Vec<Code> = args.iter().map(|arg| self.expr(arg)).collect();
        match (builtin, &codes[..]) {
            (Builtin::Now, _) => Code::owned(format!("{}()", self.helper("clock")), Ty::Duration),
            (Builtin::Str, [only]) => {
                let form = if only.ty == Ty::Str { only.form } else { Form::Owned };
                let text = if only.ty == Ty::Str { only.text.clone() } else { self.shown(only) };
                Code { form, ..Code::owned(text, Ty::Str) }
            }
            (Builtin::Len, [only]) => match only.ty {
                Ty::List(_) => Code::loose(format!("{}.len() as i64", only.operand()), Ty::Int),
                Ty::Str => Code::loose(format!("{}.chars().count() as i64", only.operand()), Ty::Int),
                _ => {
                    let value = self.kept_as(only, &Ty::Value);
                    Code::owned(format!("{value}.len()?"), Ty::Int)
                }
            },
            (Builtin::Random, [a, b]) => self.drawn(a, b),
            (Builtin::Sum, [only]) => {
                if only.ty == Ty::List(Box::new(Ty::Int)) {
                    return Code::owned(format!("{}(&{})?", self.helper("sum"), only.operand()), Ty::Int);
                }
                let value = self.kept_as(only, &Ty::Value);
                Code::owned(format!("{value}.sum()?"), Ty::Value)
            }
            (Builtin::Min | Builtin::Max, codes) => self.extreme(expr, builtin, codes),
            _ => {
                self.refuse("a built-in call has other arguments than it takes");
                Code::owned("()", Ty::Unit)
            }
        }
    }

    fn drawn(&mut self, a: &Code, b: &Code) -> Code {
        match (&a.ty, &b.ty) {
            (Ty::Int, Ty::Int) => {
                Code::owned(format!("{}({}, {})?", self.helper("between"), a.text, b.text), Ty::Int)
            }
            (Ty::Duration, Ty::Duration) => Code::owned(
                format!("{}({}, {})?", self.helper("between_lengths"), a.text, b.text),
                Ty::Duration,
            ),
            _ => {
                let (a, b) = (self.kept_as(a, &Ty::Value), self.kept_as(b, &Ty::Value));
                Code::owned(format!("{}({a}, {b})?", self.helper("draw")), Ty::Value)
            }
        }
    }

    fn extreme(&mut self, expr: &Expr, builtin: Builtin, codes: &[Code]) -> Code {
        let name = if builtin == Builtin::Min { "min" } else { "max" };
        let known = self.types.borrow_mut().expr(expr);
        match codes {
            [Code { ty: Ty::Int, .. }, Code { ty: Ty::Int, .. }] if known.is(Kind::Int) => {
                let [a, b] = codes else { return Code::owned("()", Ty::Unit) };
                let whole = in_bits(&a.operand());
                return Code::owned(format!("{whole}.{name}({})", b.text), Ty::Int);
            }
            _ => {}
        }
        let list = match codes {
            [list] => self.kept_as(list, &Ty::Value),
            several => {
                let items: Vec<String> = several.iter().map(|code| self.kept_as(code, &Ty::Value)).collect();
                format!("{}::List(vec![{}])", self.helper("Value"), items.join(", "))
            }
        };
        Code::owned(format!("{}({list}, \"{name}\")?", self.helper("extreme")), Ty::Value)
    }
}

/// An operand of `&&`.
fn wrapped(text: &str) -> String {
    if text.contains("||") || text.contains("&&") { format!("({text})") } else { text.to_owned() }
}

/// Whole numbers before a dot have to say of how many bits they are, where nothing else does.
pub fn in_bits(whole: &str) -> String {
    if whole.contains(char::is_alphabetic) {
        return whole.to_owned();
    }
    let Some(from) = whole.find(|letter: char| letter.is_ascii_digit()) else { return whole.to_owned() };
    let (before, number) = whole.split_at(from);
    let end = number.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(number.len());
    let (number, after) = number.split_at(end);
    format!("{before}{number}i64{after}")
}
