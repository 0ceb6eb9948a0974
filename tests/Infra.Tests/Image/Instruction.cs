namespace HlsCache.Infra.Tests.Image;

/// <param name="IsExec">Whether it is written as a list, so that no shell stands between.</param>
/// <param name="Text">All after the keyword, on one line.</param>
internal sealed record Instruction(string Keyword, IReadOnlyDictionary<string, string?> Flags, IReadOnlyList<string> Arguments, bool IsExec, string Text);
