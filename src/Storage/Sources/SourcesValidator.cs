using HlsCache.Core.Keys;
using Microsoft.Extensions.Options;

namespace HlsCache.Storage.Sources;

internal sealed class SourcesValidator : IValidateOptions<SourcesOptions>
{
    public ValidateOptionsResult Validate(string? name, SourcesOptions options)
    {
        if (options.Roots.Count == 0)
        {
            return ValidateOptionsResult.Fail("No source is configured: set Sources__media__Path to a directory of films.");
        }

        var faults = options.Roots.Select(root => Fault(root.Key, root.Value)).OfType<string>().ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static string? Fault(string root, SourceRootOptions options) => options switch
    {
        _ when SourcePath.Parse($"/{root}/film", out _)?.Root != root => $"Sources__{root}: the name cannot be the first part of a path.",
        { Path: null or "" } => $"Sources__{root}__Path is missing: set it to a directory of films.",
        _ when !Directory.Exists(options.Path) => $"Sources__{root}__Path: there is no directory {options.Path}.",
        _ => null,
    };
}
