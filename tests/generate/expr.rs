//! Expressions of a kind.

use super::{Kind, Maker};

impl Maker {
    /// A length of time on a coarse grid.
    pub(super) fn duration(&mut self) -> String {
        match self.below(12) {
            0 => "0ms".to_string(),
            1 => format!("{}ms", 5 * (1 + self.below(6))),
            _ => format!("{}0ms", 1 + self.below(8)),
        }
    }

    /// The same, a pair by chance.
    pub(super) fn length(&mut self) -> String {
        match self.below(10) {
            0 => {
                let from = self.below(5);
                format!("{}0ms..{}0ms", from, from + self.below(4))
            }
            1 | 2 => self.expr(Kind::Duration),
            _ => self.duration(),
        }
    }

    pub(super) fn error_kind(&mut self) -> String {
        self.pick(&["Boom", "Oops", "Lost", "ValueError"]).unwrap_or("Boom").to_string()
    }

    /// A value of this kind that stands in the text.
    pub(super) fn literal(&mut self, kind: Kind) -> String {
        match kind {
            Kind::Int => self.below(7).to_string(),
            Kind::Str => {
                format!("\"{}\"", self.pick(&["a", "bee", "sea", "", "quo\\\"te", "{{x}}"]).unwrap_or("a"))
            }
            Kind::Bool => if self.chance(50) { "true" } else { "false" }.to_string(),
            Kind::Duration => self.duration(),
            Kind::List => {
                let items: Vec<String> = (0..self.below(4)).map(|_| self.below(9).to_string()).collect();
                format!("[{}]", items.join(", "))
            }
            _ => "none".to_string(),
        }
    }

    /// An expression of this kind.
    pub(super) fn expr(&mut self, kind: Kind) -> String {
        if self.chance(45)
            && let Some(name) = self.known(kind)
        {
            return name;
        }
        match kind {
            Kind::Int => match self.below(12) {
                0 => format!("({} + {})", self.expr(Kind::Int), self.literal(Kind::Int)),
                1 => format!("({} * {})", self.literal(Kind::Int), self.literal(Kind::Int)),
                2 => format!("({} - {})", self.literal(Kind::Int), self.expr(Kind::Int)),
                3 => format!("({} % {})", self.expr(Kind::Int), 1 + self.below(3)),
                4 => format!("({} // {})", self.expr(Kind::Int), self.literal(Kind::Int)),
                5 => format!("len({})", self.expr(Kind::List)),
                6 => format!("random(1, {})", 1 + self.below(6)),
                7 => format!("max({}, {})", self.expr(Kind::Int), self.literal(Kind::Int)),
                8 => format!("{}[{}]", self.literal(Kind::List), self.below(3)),
                9 => format!("sum({})", self.expr(Kind::List)),
                _ => self.literal(Kind::Int),
            },
            Kind::Duration => match self.below(8) {
                0 => format!("({} * 10ms)", self.expr(Kind::Int)),
                1 => format!("({} + {})", self.expr(Kind::Duration), self.duration()),
                2 => "now()".to_string(),
                3 => format!("({} / 2)", self.expr(Kind::Duration)),
                _ => self.duration(),
            },
            Kind::Str => match self.below(4) {
                0 => format!("\"v{{{}}}\"", self.some_expr()),
                1 => format!("str({})", self.some_expr()),
                _ => self.literal(Kind::Str),
            },
            Kind::Bool => match self.below(5) {
                0 => format!("({} < {})", self.expr(Kind::Int), self.literal(Kind::Int)),
                1 => format!("(not {} == {})", self.expr(Kind::Int), self.expr(Kind::Int)),
                2 => format!("({} >= 40ms)", self.expr(Kind::Duration)),
                3 => format!("({} and {})", self.expr(Kind::Bool), self.literal(Kind::Bool)),
                _ => self.literal(Kind::Bool),
            },
            Kind::List => match self.below(4) {
                0 => format!("{} + [{}]", self.literal(Kind::List), self.expr(Kind::Int)),
                _ => self.literal(Kind::List),
            },
            Kind::Anything => self.some_expr(),
            _ => "none".to_string(),
        }
    }

    /// An expression of any kind that prints.
    pub(super) fn some_expr(&mut self) -> String {
        let kinds = [Kind::Int, Kind::Int, Kind::Bool, Kind::Duration, Kind::List, Kind::Str];
        if self.chance(40) {
            let names: Vec<String> = self.visible().into_iter().map(|(name, _)| name).collect();
            if let Some(name) = self.pick(&names) {
                return name;
            }
        }
        let kind = self.pick(&kinds).unwrap_or(Kind::Int);
        // In a text the texts inside have quotes of their own, which is right but hard to read.
        self.expr(kind)
    }

    /// What a log line says: a mark of its own, and some value.
    pub(super) fn text(&mut self) -> String {
        self.next += 1;
        let mark = self.next;
        match self.below(4) {
            0 => format!("\"m{mark} {{{}}}\"", self.some_expr()),
            1 => format!("\"m{mark} at {{now()}}\""),
            _ => format!("\"m{mark}\""),
        }
    }
}
