using System.Text.Json;
using HlsCache.Core.Entries;

namespace HlsCache.Functions.Plays;

/// <summary>What callers see a reason as: <c>source-changed</c>.</summary>
internal static class ReasonNames
{
    public static string Kebab(this MissReason reason) => JsonNamingPolicy.KebabCaseLower.ConvertName(reason.ToString());
}
