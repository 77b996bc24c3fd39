//! What is known of a value: the kinds it may be of, and how large its numbers are; and what operators make of them.

use crate::lang::plan::{BinaryOp, Builtin, Field, Literal};

/// The kinds of value that may stand somewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Type {
    kinds: u16,
    /// What stands in the lists among them.
    item: Option<Box<Type>>,
    /// What the tasks among them give.
    given: Option<Box<Type>>,
    /// How large its whole numbers and lengths of time are.
    pub size: Size,
    /// Whether one of these may be less than zero.
    pub negative: bool,
}

/// How large whole numbers (and lengths of time, in microseconds) may become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Size {
    /// At most this, either way.
    UpTo(u64),
    /// Grows by small steps: no run is long enough for it to pass 64 bits.
    Counts,
    /// Any.
    Wild,
}

impl Default for Size {
    fn default() -> Size {
        Size::UpTo(0)
    }
}

/// No sum of two of them passes 64 bits, and no run makes enough steps of the other to do so.
const LARGE: u64 = 1 << 60;
const STEP: u64 = 1 << 40;

impl Size {
    fn sum(self, other: Size) -> Size {
        match (self, other) {
            (Size::UpTo(a), Size::UpTo(b)) if a + b <= LARGE => Size::UpTo(a + b),
            (Size::Counts, Size::UpTo(..=STEP)) | (Size::UpTo(..=STEP), Size::Counts) => Size::Counts,
            _ => Size::Wild,
        }
    }

    fn product(self, other: Size) -> Size {
        match (self, other) {
            (Size::UpTo(a), Size::UpTo(b)) if a.checked_mul(b).is_some_and(|it| it <= LARGE) => {
                Size::UpTo(a.saturating_mul(b))
            }
            _ => Size::Wild,
        }
    }

    fn of(value: u64) -> Size {
        if value <= LARGE { Size::UpTo(value) } else { Size::Wild }
    }
}

/// One kind of value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    None,
    Bool,
    Int,
    Float,
    Duration,
    Str,
    List,
    Task,
    Error,
    Response,
    Deadline,
}

/// How deep a type is followed into lists and tasks.
const MAX_DEPTH: usize = 4;

impl Type {
    /// No value ever.
    pub fn never() -> Type {
        Type::default()
    }

    /// Lists of such items.
    pub fn list(item: Type) -> Type {
        Type { item: Some(Box::new(item)), ..Kind::List.into() }
    }

    /// Tasks that give this.
    pub fn task(given: Type) -> Type {
        Type { given: Some(Box::new(given)), ..Kind::Task.into() }
    }

    /// Whether a value of this kind may stand there.
    pub fn may_be(&self, kind: Kind) -> bool {
        self.kinds & (1 << kind as u16) != 0
    }

    /// Whether nothing but this kind stands there.
    pub fn is(&self, kind: Kind) -> bool {
        self.kinds == 1 << kind as u16
    }

    /// Whether no value ever stands there.
    pub fn is_never(&self) -> bool {
        self.kinds == 0
    }

    /// Whether nothing but whole numbers and fractions stand there.
    pub fn is_number(&self) -> bool {
        self.kinds != 0 && self.kinds & !(1 << Kind::Int as u16 | 1 << Kind::Float as u16) == 0
    }

    /// What stands in its lists.
    pub fn item(&self) -> Type {
        self.item.as_deref().cloned().unwrap_or_default()
    }

    /// What its tasks give.
    pub fn given(&self) -> Type {
        self.given.as_deref().cloned().unwrap_or_default()
    }

    /// Either.
    pub fn join(self, other: Type) -> Type {
        self.join_at(other, 0)
    }

    fn join_at(self, other: Type, depth: usize) -> Type {
        let inner = |a: Option<Box<Type>>, b: Option<Box<Type>>| match (a, b) {
            // Deeper, everything counts as possible.
            (Some(_), Some(_)) if depth == MAX_DEPTH => Some(Box::new(Type::anything())),
            (Some(a), Some(b)) => Some(Box::new(a.join_at(*b, depth + 1))),
            (a, b) => a.or(b),
        };
        Type {
            kinds: self.kinds | other.kinds,
            item: inner(self.item, other.item),
            given: inner(self.given, other.given),
            size: self.size.max(other.size),
            negative: self.negative || other.negative,
        }
    }

    fn anything() -> Type {
        Type { kinds: u16::MAX, size: Size::Wild, negative: true, ..Type::default() }
    }

    /// What grows from round to round grows on: it counts, if it does not turn out to be worse.
    pub fn widened(&mut self, before: &Type) {
        if self.size > before.size && self.size < Size::Counts {
            self.size = Size::Counts;
        }
        for (now, before) in [(&mut self.item, &before.item), (&mut self.given, &before.given)] {
            if let (Some(now), Some(before)) = (now, before) {
                now.widened(before);
            }
        }
    }

    /// The same kind of value, so large.
    pub fn sized(self, size: Size, negative: bool) -> Type {
        Type { size, negative, ..self }
    }

    /// Whether every value there has the field.
    pub fn has(&self, field: Field) -> bool {
        match field {
            Field::Status | Field::Body => self.is(Kind::Response),
            _ => self.is(Kind::Error),
        }
    }

    /// The kinds that may stand there.
    pub fn each(&self) -> impl Iterator<Item = Kind> + use<> {
        const ALL: [Kind; 11] = [
            Kind::None,
            Kind::Bool,
            Kind::Int,
            Kind::Float,
            Kind::Duration,
            Kind::Str,
            Kind::List,
            Kind::Task,
            Kind::Error,
            Kind::Response,
            Kind::Deadline,
        ];
        let kinds = self.kinds;
        ALL.into_iter().filter(move |kind| kinds & (1 << *kind as u16) != 0)
    }

    /// Whether a length of time may stand in it, beside other things.
    pub fn hides_duration(&self) -> bool {
        let mixed = self.may_be(Kind::Duration) && !self.is(Kind::Duration);
        mixed
            || self.item.as_ref().is_some_and(|item| item.may_be(Kind::Duration) || item.hides_duration())
            || self.given.as_ref().is_some_and(|given| given.hides_duration())
    }
}

impl From<Kind> for Type {
    fn from(kind: Kind) -> Type {
        Type { kinds: 1 << kind as u16, ..Type::default() }
    }
}

/// A length of a text or list, a count, a worker's result: the limits of a run keep them below.
pub const COUNT: Size = Size::UpTo(1 << 40);

/// A number of things.
pub fn count() -> Type {
    Type::from(Kind::Int).sized(COUNT, false)
}

/// The type of a literal.
pub fn literal_type(literal: &Literal) -> Type {
    let number = |kind: Kind, value: i64| Type::from(kind).sized(Size::of(value.unsigned_abs()), value < 0);
    match literal {
        Literal::None => Kind::None.into(),
        Literal::Bool(_) => Kind::Bool.into(),
        Literal::Int(value) => number(Kind::Int, *value),
        Literal::Float(value) => Type::from(Kind::Float).sized(Size::default(), *value < 0.0),
        Literal::Duration(us) => number(Kind::Duration, *us),
        Literal::Str(_) => Kind::Str.into(),
    }
}

/// What a built-in call gives.
pub fn builtin_type(builtin: Builtin, args: &[Type]) -> Type {
    match (builtin, args) {
        (Builtin::Len, _) => count(),
        (Builtin::Now, _) => Type::from(Kind::Duration).sized(COUNT, false),
        (Builtin::Str, _) => Kind::Str.into(),
        // The sum of nothing is 0, whatever else is summed; that of lists is a list.
        (Builtin::Sum, [list]) => {
            let item = list.item();
            let negative = item.negative;
            item.join(Kind::Int.into()).sized(Size::Wild, negative)
        }
        (Builtin::Random, [a, b]) => a.clone().join(b.clone()),
        (Builtin::Min | Builtin::Max, [list]) => list.item(),
        (Builtin::Min | Builtin::Max, several) => several.iter().cloned().fold(Type::never(), Type::join),
        _ => Type::never(),
    }
}

/// What `left op right` gives, where it does not fail.
pub fn binary(op: BinaryOp, left: &Type, right: &Type) -> Type {
    let mut result = Type::never();
    for a in left.each() {
        for b in right.each() {
            if let Some(kind) = binary_kind(op, a, b) {
                result = result.join(kind.into());
            }
        }
    }
    result.size = binary_size(op, left, right);
    result.negative = match op {
        BinaryOp::Sub => true,
        BinaryOp::Rem => right.negative,
        _ => left.negative || right.negative,
    };
    if op == BinaryOp::Add && result.may_be(Kind::List) {
        result.item = Some(Box::new(left.item().join(right.item())));
    }
    result
}

fn binary_size(op: BinaryOp, left: &Type, right: &Type) -> Size {
    // A fraction has no bounds that are followed.
    if left.may_be(Kind::Float) || right.may_be(Kind::Float) || op == BinaryOp::Div {
        return Size::Wild;
    }
    match op {
        BinaryOp::Add | BinaryOp::Sub => left.size.sum(right.size),
        BinaryOp::Mul => left.size.product(right.size),
        _ => left.size,
    }
}

fn binary_kind(op: BinaryOp, left: Kind, right: Kind) -> Option<Kind> {
    use BinaryOp::{Add, And, Div, Eq, FloorDiv, Ge, Gt, Le, Lt, Mul, Ne, Or, Rem, Sub};
    use Kind::{Duration, Float, Int, List, Str};
    Some(match (op, left, right) {
        (Eq | Ne | Lt | Le | Gt | Ge | And | Or, ..) => Kind::Bool,
        (Div, Int | Float, Int | Float) => Float,
        (_, Int, Int) => Int,
        (_, Int | Float, Int | Float) => Float,
        (Div, Duration, Duration) => Float,
        (FloorDiv, Duration, Duration) => Int,
        (Add | Sub | Rem, Duration, Duration) => Duration,
        (Mul | Div | FloorDiv, Duration, Int | Float) | (Mul, Int | Float, Duration) => Duration,
        (Add, Str, Str) => Str,
        (Add, List, List) => List,
        // Anything else is a `TypeError`: no value comes of it.
        _ => return None,
    })
}

/// Whether `left op right` can never be a `TypeError`.
pub fn fits(op: BinaryOp, left: &Type, right: &Type) -> bool {
    let pair = |a: Kind, b: Kind| {
        let number = |kind: Kind| matches!(kind, Kind::Int | Kind::Float);
        match op {
            BinaryOp::Eq | BinaryOp::Ne => true,
            BinaryOp::And | BinaryOp::Or => a == Kind::Bool && b == Kind::Bool,
            op if compares(op) => number(a) && number(b) || a == b && matches!(a, Kind::Duration | Kind::Str),
            op => binary_kind(op, a, b).is_some(),
        }
    };
    left.each().all(|a| right.each().all(|b| pair(a, b)))
}

/// Whether it tells which of two comes first.
pub fn compares(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge)
}
