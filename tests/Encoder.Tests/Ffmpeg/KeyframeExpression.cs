using System.Globalization;

namespace HlsCache.Encoder.Tests.Ffmpeg;

/// <summary>Evaluates the few operations of ffmpeg's expressions that keyframes are forced with.</summary>
internal sealed class KeyframeExpression
{
    private readonly string text;
    private readonly double n;
    private int at;

    private KeyframeExpression(string text, double n) => (this.text, this.n) = (text, n);

    /// <summary>Whether <c>expr:…</c> forces frame <paramref name="n"/> of a process to be a keyframe.</summary>
    public static bool Forces(string expression, long n)
    {
        expression.ShouldStartWith("expr:");
        var parser = new KeyframeExpression(expression["expr:".Length..], n);
        var value = parser.Sum();
        parser.at.ShouldBe(parser.text.Length, $"{parser.text} has something behind its end");
        return value != 0;
    }

    private double Sum()
    {
        var value = Product();
        while (at < text.Length && text[at] is '+' or '-')
        {
            value += text[at++] == '+' ? Product() : -Product();
        }

        return value;
    }

    private double Product()
    {
        var value = Atom();
        while (at < text.Length && text[at] == '*')
        {
            at++;
            value *= Atom();
        }

        return value;
    }

    private double Atom()
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '.'))
        {
            at++;
        }

        var word = text[start..at];
        if (at == text.Length || text[at] != '(')
        {
            return word == "n" ? n : double.Parse(word, CultureInfo.InvariantCulture);
        }

        at++;
        var left = Sum();
        text[at++].ShouldBe(',');
        var right = Sum();
        text[at++].ShouldBe(')');
        return word switch
        {
            "eq" => left == right ? 1 : 0,
            "gte" => left >= right ? 1 : 0,
            "mod" => left - (Math.Floor(left / right) * right),
            _ => throw new FormatException($"{word} is not known here."),
        };
    }
}
