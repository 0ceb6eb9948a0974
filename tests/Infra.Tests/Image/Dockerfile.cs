using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;
using HlsCache.Testing;

namespace HlsCache.Infra.Tests.Image;

/// <summary>A Dockerfile as its parser sees it.</summary>
internal sealed record Dockerfile(IReadOnlyList<string> Problems, IReadOnlyList<Instruction> Instructions)
{
    /// <summary>What is done up to the last FROM.</summary>
    public IReadOnlyList<Instruction> Build => [.. Instructions.Take(Last(Instructions))];

    /// <summary>What becomes the image.</summary>
    public IReadOnlyList<Instruction> Image => [.. Instructions.Skip(Last(Instructions))];

    public static async Task<Dockerfile> ReadAsync(string path)
    {
        var parsed = await Cli.Wrap("node").WithArguments([Repository.Path("tests/Infra.Tests/Image/dockerfile.mjs"), path])
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        return JsonSerializer.Deserialize<Dockerfile>(parsed.StandardOutput, JsonSerializerOptions.Web)!;
    }

    private static int Last(IReadOnlyList<Instruction> all) => all.Select((instruction, index) => (instruction, index)).Last(i => i.instruction.Keyword == "FROM").index;
}
