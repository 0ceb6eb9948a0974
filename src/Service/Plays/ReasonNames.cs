using System.Text.Json;
using HlsCache.Core.Entries;

namespace HlsCache.Service.Plays;

/// <summary>What callers see a reason as: <c>source-changed</c>.</summary>
public static class ReasonNames
{
    public static string Kebab(this MissReason reason) => JsonNamingPolicy.KebabCaseLower.ConvertName(reason.ToString());
}
