using HlsCache.Service.Plays;

namespace HlsCache.Functions.Tests;

/// <summary>What the app does stands on the domain alone.</summary>
public sealed class LayerTests
{
    private static readonly string[] Allowed = ["HlsCache.Core", "System.", "Microsoft.Extensions."];

    [Fact]
    public void What_the_app_does_knows_neither_the_web_nor_the_Functions_host_nor_Azure() =>
        typeof(PlayService).Assembly.GetReferencedAssemblies().Select(a => a.Name!)
            .Where(name => !Allowed.Any(allowed => name.StartsWith(allowed, StringComparison.Ordinal)))
            .ShouldBeEmpty();
}
