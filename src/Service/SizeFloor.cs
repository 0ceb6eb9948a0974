namespace HlsCache.Service;

/// <summary>Raises a size that could hold no film, and says so once however often the options are made.</summary>
internal sealed partial class SizeFloor(ILogger<SizeFloor> logger)
{
    private const double Least = 1;

    private int told;

    public void Apply(HlsCacheOptions options)
    {
        if (options.SizeGb < Least)
        {
            if (Interlocked.Exchange(ref told, 1) == 0)
            {
                Log.Raised(logger, options.SizeGb, Least);
            }

            options.SizeGb = Least;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "HlsCache__SizeGb is {SizeGb}, which is too little to hold a film: {Least} is taken.")]
        public static partial void Raised(ILogger logger, double sizeGb, double least);
    }
}
