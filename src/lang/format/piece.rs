//! Cuts a sound text into what is printed: statements, their blocks, brackets, words, and the comments between.

use crate::lang::format::flat::Flat;
use crate::lang::format::marks::Marks;
use crate::lang::lexer::lex;
use crate::lang::token::{Keyword, Sign, Token, TokenKind};
use crate::span::Span;

/// `# …`.
pub struct Comment {
    /// With its sign, without blanks at the end.
    pub text: String,
    /// Whether it has a line of its own.
    pub alone: bool,
    /// Whether an empty line stands before it.
    pub gap: bool,
}

/// Statements in a row, up to the end of the file or a closing brace.
pub struct List {
    pub statements: Vec<Statement>,
    /// After the last statement.
    pub closing: Vec<Comment>,
}

/// A statement, or a part of a resource.
pub struct Statement {
    /// On lines of their own before it.
    pub before: Vec<Comment>,
    /// Whether an empty line stands before its first word.
    pub gap: bool,
    /// The statement, then its clauses; never empty.
    pub segments: Vec<Segment>,
    /// On its last line.
    pub after: Option<Comment>,
}

/// What stands before a block, and the block.
pub struct Segment {
    /// Between the block before and this clause.
    pub before: Vec<Comment>,
    /// Whether a line ends before this clause.
    pub newline: bool,
    pub run: Vec<Part>,
    pub block: Option<Block>,
}

/// `{ … }`.
pub struct Block {
    /// Whether a line ends inside.
    pub open: bool,
    /// On the line of the opening brace.
    pub after: Option<Comment>,
    pub list: List,
}

/// A piece of what stands on a line.
pub enum Part {
    Word(Word),
    Comment(Comment),
    Group(Group),
}

/// A token, or a whole text with its holes.
pub struct Word {
    pub text: String,
    /// Whether a space stands before it.
    pub spaced: bool,
    /// How loosely it binds, if it is a binary operator: a line may end after it.
    pub operator: Option<u8>,
}

/// `( … )` · `[ … ]`.
pub struct Group {
    pub signs: (&'static str, &'static str),
    /// Whether a space stands before it.
    pub spaced: bool,
    /// Whether a line ends after the opening bracket, or must end inside.
    pub open: bool,
    /// On the line of the opening bracket.
    pub after: Option<Comment>,
    pub items: Vec<Item>,
    /// After the last item.
    pub closing: Vec<Comment>,
}

/// What stands between two commas.
pub struct Item {
    /// On lines of their own before it.
    pub before: Vec<Comment>,
    pub run: Vec<Part>,
    /// Whether a comma follows.
    pub comma: bool,
    /// On its last line.
    pub after: Option<Comment>,
}

impl Item {
    /// Whether a line ends inside, whatever room there is.
    fn is_open(&self) -> bool {
        let open = |part: &Part| match part {
            Part::Word(_) => false,
            Part::Comment(_) => true,
            Part::Group(group) => group.open,
        };
        !self.before.is_empty() || self.after.is_some() || self.run.iter().any(open)
    }
}

/// Cuts `text`, which the parser could read whole; `marks` are of its tree.
pub fn cut(text: &str, marks: &Marks) -> List {
    let lexed = lex(text);
    let mut cutter =
        Cutter { text, marks, tokens: &lexed.tokens, next: 0, comments: &lexed.comments, end: 0, last: None };
    cutter.list()
}

struct Cutter<'a> {
    text: &'a str,
    marks: &'a Marks,
    tokens: &'a [Token],
    /// Index of the next token.
    next: usize,
    /// The comments that were not taken yet.
    comments: &'a [Span],
    /// Where the last token or comment ends.
    end: u32,
    /// The last token, and whether it is an operator before its operand.
    last: Option<(Token, bool)>,
}

impl Cutter<'_> {
    fn token(&self) -> Token {
        let end = Token { kind: TokenKind::End, span: Span::default(), newline: true };
        self.tokens.get(self.next).or(self.tokens.last()).copied().unwrap_or(end)
    }

    fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    fn bump(&mut self) -> Token {
        let token = self.token();
        if self.next + 1 < self.tokens.len() {
            self.next += 1;
        }
        self.end = token.span.end;
        token
    }

    fn at_sign(&self, sign: Sign) -> bool {
        self.token().kind == TokenKind::Sign(sign)
    }

    /// How many lines end between the last token or comment and the byte `start`.
    fn newlines_to(&self, start: u32) -> usize {
        self.slice(Span::new(self.end, start)).bytes().filter(|byte| *byte == b'\n').count()
    }

    // Comments.

    /// The next comment, if it stands before the next token.
    fn comment(&mut self) -> Option<Comment> {
        let (span, rest) = self.comments.split_first()?;
        if span.start > self.token().span.start {
            return None;
        }
        let newlines = self.newlines_to(span.start);
        let alone = newlines > 0 || self.end == 0;
        let comment = Comment { text: self.slice(*span).trim_end().to_owned(), alone, gap: newlines > 1 };
        (self.comments, self.end) = (rest, span.end);
        Some(comment)
    }

    /// The comments before the next token.
    fn comments(&mut self) -> Vec<Comment> {
        std::iter::from_fn(|| self.comment()).collect()
    }

    /// A comment on the line of the last token.
    fn comment_after(&mut self) -> Option<Comment> {
        let start = self.comments.first()?.start;
        if self.newlines_to(start) > 0 { None } else { self.comment() }
    }

    // Statements.

    fn list(&mut self) -> List {
        let mut statements = Vec::new();
        loop {
            let before = self.comments();
            if matches!(self.token().kind, TokenKind::End | TokenKind::Sign(Sign::BraceClose)) {
                return List { statements, closing: before };
            }
            let gap = self.newlines_to(self.token().span.start) > 1;
            let segments = self.segments();
            let after = self.comment_after();
            statements.push(Statement { before, gap, segments, after });
        }
    }

    fn segments(&mut self) -> Vec<Segment> {
        let mut segments = Vec::new();
        let (mut before, mut newline) = (Vec::new(), false);
        loop {
            let run = self.run(false);
            let block = self.at_sign(Sign::BraceOpen).then(|| self.block());
            let ends = block.is_none();
            segments.push(Segment { before, newline, run, block });
            let clause = [Keyword::Else, Keyword::Catch, Keyword::Finally].map(TokenKind::Keyword);
            if ends || !clause.contains(&self.token().kind) {
                return segments;
            }
            newline = self.newlines_to(self.token().span.start) > 0;
            before = self.comments();
        }
    }

    fn block(&mut self) -> Block {
        let start = self.bump().span.start;
        let after = self.comment_after();
        let list = self.list();
        let end = self.bump().span.end;
        let empty = after.is_none() && list.statements.is_empty() && list.closing.is_empty();
        Block { open: !empty && self.slice(Span::new(start, end)).contains('\n'), after, list }
    }

    /// Whether a statement begins with the next token.
    fn begins(&self) -> bool {
        let after = self.tokens.get(self.next + 1).map_or(0, |token| token.span.start);
        self.marks.statements.contains(&self.token().span.start) || self.marks.parts.contains(&after)
    }

    // Lines.

    /// Up to a block, the next statement, or, inside of brackets, a comma or the closing one.
    fn run(&mut self, in_brackets: bool) -> Vec<Part> {
        let mut parts = Vec::new();
        self.last = None;
        loop {
            match self.token().kind {
                TokenKind::End | TokenKind::Sign(Sign::BraceOpen | Sign::BraceClose) => break,
                TokenKind::HoleClose if in_brackets => break,
                TokenKind::Sign(Sign::Comma | Sign::ParenClose | Sign::BracketClose) if in_brackets => break,
                _ if self.last.is_some() && self.begins() => break,
                _ => {}
            }
            parts.extend(self.comments().into_iter().map(Part::Comment));
            let part = match self.token().kind {
                TokenKind::Sign(Sign::ParenOpen) => self.group(("(", ")")),
                TokenKind::Sign(Sign::BracketOpen) => self.group(("[", "]")),
                TokenKind::StrOpen => self.string(),
                _ => self.word(),
            };
            parts.push(part);
        }
        parts
    }

    fn word(&mut self) -> Part {
        let (token, spaced) = (self.token(), self.spaced());
        let operator = self.last.and_then(|(last, _)| self.marks.operators.get(&last.span.end)).copied();
        self.bump();
        self.last = Some((token, token.kind == TokenKind::Sign(Sign::Minus) && operator.is_none()));
        Part::Word(Word { text: self.slice(token.span).to_owned(), spaced, operator })
    }

    /// Whether a space stands before the next token.
    fn spaced(&self) -> bool {
        let Some((last, before_operand)) = self.last else { return false };
        let dot = |kind| matches!(kind, TokenKind::Sign(Sign::Dot | Sign::DotDot));
        match self.token().kind {
            TokenKind::Sign(Sign::ParenOpen | Sign::BracketOpen)
                if self.marks.close.contains(&last.span.end) =>
            {
                false
            }
            TokenKind::Sign(Sign::Comma) => false,
            kind => !dot(kind) && !dot(last.kind) && !before_operand,
        }
    }

    fn string(&mut self) -> Part {
        let (open, spaced) = (self.token(), self.spaced());
        let mut text = String::new();
        // Texts stand in holes of texts; each run ends before the end of its hole.
        loop {
            let token = self.bump();
            text.push_str(self.slice(token.span));
            match token.kind {
                TokenKind::StrClose | TokenKind::End => break,
                TokenKind::HoleOpen => text.push_str(&Flat::whole(&self.run(true))),
                _ => {}
            }
        }
        self.last = Some((Token { span: Span::new(open.span.start, self.end), ..open }, false));
        Part::Word(Word { text, spaced, operator: None })
    }

    fn group(&mut self, signs: (&'static str, &'static str)) -> Part {
        let spaced = self.spaced();
        self.bump();
        let newline = self.newlines_to(self.token().span.start) > 0;
        let after = self.comment_after();
        let mut items: Vec<Item> = Vec::new();
        let mut carried = Vec::new();
        let closing = loop {
            let mut before = std::mem::take(&mut carried);
            before.extend(self.comments());
            if matches!(
                self.token().kind,
                TokenKind::Sign(Sign::ParenClose | Sign::BracketClose) | TokenKind::End
            ) {
                break before;
            }
            let run = self.run(true);
            // What stands before the comma is printed after it.
            let mut after = self.comment_after();
            carried = self.comments();
            let comma = self.at_sign(Sign::Comma);
            if comma {
                self.bump();
                after = after.or_else(|| self.comment_after());
            }
            items.push(Item { before, run, comma, after });
        };
        let end = self.bump();
        self.last = Some((end, false));
        let open = after.is_some() || !closing.is_empty() || (newline && !items.is_empty());
        let open = open || items.iter().any(Item::is_open);
        Part::Group(Group { signs, spaced, open, after, items, closing })
    }
}
