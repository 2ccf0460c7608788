/**
 * First names in use in German-speaking countries, folded. Two of these that look alike (`Martin`, `Martina`; `Lena`,
 * `Lea`) are two people; a writing that is none of them and close to one is a slip of the keyboard. The list need not be
 * complete: what is frequent among a tenant's own customers counts as a name too.
 */
const NAMES = `
adam adelheid adrian agnes ahmed ahmet alara albert alessandro alessia alex alexa alexander alexandra alexandre alfons alfred ali
alice alicia alina alisa alma alois amelie amina amira ana anastasia anders andre andrea andreas andrej andy angela angelika
angelina anika anita anja anke ann anna annalena anne annegret anneliese annelie annemarie annett annette anni annika anton
antonia antonio antje armin arne arno arnold artur arthur asli astrid august axel ayla ayse aysel babett barbara bastian beata
beate beatrice beatrix ben benedikt benjamin bennet benno bernadette bernd bernhard berta bettina bianca birgit birgitt birte
bjarne bjoern bodo boris brigitte britta bruno burkhard can carina carl carla carlo carlos carmen carola carolin carolina
caroline carsten caspar catharina catrin cedric celina cem charlotte chiara chris christa christel christian christiana
christiane christin christina christine christof christoph clara clarissa claudia claudio claus clemens cora corinna cornelia
cornelius dagmar damian dana daniel daniela daniele danny dario david dean denis denise dennis derya detlef diana dieter dietmar
dietrich dilara dimitri dirk domenik dominic dominik dominique dora doreen doris dorothea dorothee eberhard ebru eckhard edda edgar
edith eduard ekkehard elena eleni eleonore elfriede elia elias elif elin elina elisa elisabeth elke ella ellen elli elmar elsa
elvira emil emilia emilie emilio emily emma emre enes enno enrico eric erich erik erika erna ernst erwin esra esther eugen eva
evelin evelyn ewald fabian fabienne fabio fatih fatma felicitas felix ferdinand finja finn fiona florentine florian frank
franka franz franziska frauke fred frederic frederik frida frieda friederike friedhelm friedrich fritz fynn gabi gabriel gabriela
gabriele georg georgia gerald gerd gerda gerhard gerlinde gero gerrit gertrud gianna gina giovanni gisela giulia giuseppe gottfried
greta gregor grit gudrun guenter guenther guido gunnar gunther gustav hagen hakan hannah hanna hannelore hannes hans hansjoerg
hanspeter harald hartmut hasan hatice hedwig heide heidi heike heiko heiner heinrich heinz helena helene helga helge hella helmut
hendrik henni henning henriette henrik henry herbert heribert hermann hilde hildegard holger horst hubert hugo hussein hueseyin ibrahim
ida igor ilka ilona ilse ina ines inga inge ingeborg ingo ingrid inka irene irina iris irma irmgard isabel isabell isabella
isabelle ismail ivan ivana ivonne jacob jacqueline jakob jan jana janek janina janine janis janka jannik jannis jasmin jasper jean
jeanette jeannette jenni jennifer jenny jens jessica jessika jette jim joachim joana joanna jochen joel joerg johann johanna johannes
john jon jona jonah jonas jonathan jordan jorge jose josef josefine joseph josephine joshua josua juan judith julia julian juliana juliane
julie julien juliette julius jule julika jupp jurek juergen justin justus jutta kai karen karim karin karina karl karla karlheinz
karola karolin karolina karoline karsten kaspar katarina katharina kathleen kathrin kati katja katrin katy kay kemal kerstin kevin
kilian kim kira kirsten kirstin klara klaus klemens konrad konstantin konstanze korinna kornelia kristian kristin kristina kristof
kurt lara larissa lars lasse laura laurens laurin lea leah leandra leander leila lena leni lenja lenn lenny leo leon leonard leonardo
leonhard leoni leonie leonora leopold levi levin lia liam lias lilian liliana lili lilli lilly lina linda linn linnea linus lisa
lisbeth lisa-marie lorena lorenz lothar lotta lotte louis louisa louise luca lucas lucia lucie lucy ludger ludmila ludwig luis luisa
luise luka lukas luna lutz lydia maddalena madeleine magda magdalena magnus maik maike maja maksim malte mandy manfred manja manuel
manuela marc marcel marcela marco marcus mareike maren margaret margarete margarethe margit margot margret maria mariam marian
mariana marianne marie mariella marika marina mario marion marisa marit marius mark marko markus marlen marlena marlene marlies marlon
marta martha martin martina marvin mary massimo mathias mathilda mathilde mathis matilda matteo matthias mats mattis matz maurice
max maxi maxim maximilian maya mehmet meike melanie melike melina melissa mercedes merle mert meta mia micha michael michaela
michel michele michelle miguel mika mike mila milan milena milla milo mina mira miriam mirja mirjam mirko mohamed mohammad mohammed
mona moni monika morten moritz muhammed murat mustafa nadia nadin nadine nadja natalia natalie natascha nathalie neele nele nico
nicola nicolas nicole niels niklas niko nikola nikolai nikolaus nikolas nils nina noah noel nora norbert norma norman nuria oana olaf
ole oleg olga oliver olivia omar omer oskar oscar osman ole-gunnar oswald ottilie otto ozan pamela pascal patricia patrick patrik
paul paula paulina pauline pavel pedro peer peggy peter petra petr philip philipp philippa pia pierre piet pietro pius rabea rafael
raffael raimund rainer ralf ralph ramona raphael raphaela rebecca rebekka regina regine reiner reinhard reinhold renata renate
rene ricarda riccardo richard rico rita robert roberta roberto robin roger roland rolf roman romina romy ron ronald ronja ronny rosa
rosalie rosemarie rosi rosina roswitha roy rudi rudolf ruben ruth sabine sabrina said salome salvatore sam samantha samira samuel sandra
sandro sara sarah sascha saskia sebastian selim selin selina selma sema semra serap sergej serkan severin sibylle siegfried sieglinde
siegmund sigrid silas silja silke silvia silvio simon simona simone sina sinan sina-marie sofia sofie sonja sophia sophie soeren stefan
stefanie steffen steffi stella stephan stephanie steve steven sude suleyman sultan susan susann susanna susanne suse sven svenja svetlana swantje
sybille sylvia sylvie tabea tamara tamina tanja tania tara tarik tatjana teresa tessa thea theo theodor theresa therese thilo thomas
thorben thorsten tia tiago tilda till tillmann tilman tim timm timo timon tina tino tobias tom tomas tomasz toni tonja torben torsten toralf
traute tristan udo ulf ulla ulrich ulrike umut urs ursel ursula uschi ute uta uwe valentin valentina valeria valerie vanessa vera
verena veronica veronika victor victoria viktor viktoria vincent viola vitali vivian vivien volker volkmar waldemar walburga walter
walther waltraud wanda wenke werner wiebke wilfried wilhelm wilhelmine willi willy winfried wolf wolfgang wolfram xaver yannick yannik
yannis yara yasemin yasin yasmin yusuf yvette yvonne zeynep zoe
agata agnieszka aleksandra aleksander ania andrzej arkadiusz bartosz beata bogdan bozena czeslaw dariusz dorota ewa grazyna grzegorz halina
henryk iwona jacek jadwiga janusz jaroslaw jerzy joanna jozef katarzyna krystyna krzysztof leszek lukasz magdalena malgorzata marcin marek
mariusz mateusz miroslaw pawel piotr przemyslaw rafal ryszard slawomir stanislaw tadeusz tomasz urszula wieslaw wojciech zbigniew zofia
alina aleksej alexej andrej anna dmitri dmitrij ekaterina elena evgenij galina igor irina katharina larissa lidia ljudmila maxim mikhail
natalja nikita nina oksana oleg olga pavel sergej sergei svetlana tatjana valentina viktor vladimir yana
abdul abdullah adem ahmad aise arda arzu aslan aylin ayse aysegul baris berat berk betuel burak bilal cansu cemal cengiz deniz dilek dogan
elif emine emir engin enis erdal erkan erol esma eylem fatih fatima fatma ferhat filiz furkan gamze guel guelay guelsen halil hamza hande
hasan hatice havva hueseyin ilknur irem kaan kadir kerem khaled leyla mahmoud mahmut mariam medine mehmet merve metin muhammad murat musa
mustafa nazli nesrin nihat nur nuray oemer oezge oezguer oezlem omar onur orhan osama recep samir selcuk serap serdar sevgi sibel tarek
tariq tuba tuelay tugba ufuk umit volkan yasmin yildiz yilmaz yousef yunus yusuf zehra zeki
duc hoa hung lan linh long mai minh nam phuong quang thanh thao thi thuy trang tuan van ananya arjun deepak priya rahul ravi sanjay sunita
adriana adrian bogdan cristian elena florin gabriela ioan ioana ion mihai mihaela radu raluca stefan vasile
bojan dejan dragan goran igor ivan ivana jelena jovana katarina ljiljana luka marija marko milan milica nenad nikola slobodan snezana
stjepan tomislav vesna zoran alessandro andrea antonella carmela chiara concetta davide enrico federica francesca francesco giorgio giulia
giuseppe ilaria lorenzo luigi marco matteo nunzia pasquale rosaria salvatore stefano vincenzo
alejandro alvaro ana beatriz diego fernando francisco ines javier joao joaquim luisa manuel miguel paulo pedro rafael rui sofia teresa tiago`;

const KNOWN: ReadonlySet<string> = new Set(NAMES.split(/[\s-]+/).filter(Boolean));

/** `folded`: as `fold` writes it. */
export const isFirstName = (folded: string): boolean => KNOWN.has(folded);

/** Names whose length differs by at most `within` and what an umlaut adds. */
export const firstNamesWithin = (length: number, within: number): string[] =>
  [...KNOWN].filter((name) => Math.abs(name.length - length) <= within + 1);

/** Short forms that are not the beginning of the name. */
const SHORT: Readonly<Record<string, string>> = {
  gabi: "gabriele", uschi: "ursula", hans: "johannes", fritz: "friedrich", sepp: "josef", jupp: "josef", bernd: "bernhard",
  heinz: "heinrich", klaus: "nikolaus", willi: "wilhelm", willy: "wilhelm", rudi: "rudolf", kathi: "katharina", katja: "katharina",
  steffi: "stefanie", susi: "susanne", uli: "ulrich", ulla: "ursula", toni: "anton", micha: "michael", mike: "michael",
  juergen: "georg", jochen: "joachim", moni: "monika", conny: "cornelia", betty: "elisabeth", lisa: "elisabeth", basti: "sebastian",
  wolfi: "wolfgang", andi: "andreas", gerd: "gerhard", manni: "manfred", sasha: "alexander", sascha: "alexander", tommy: "thomas",
  thommy: "thomas", matze: "matthias", hannes: "johannes", achim: "joachim", bine: "sabine", biggi: "birgit", gitti: "brigitte",
  lotti: "charlotte", lotte: "charlotte", sissi: "elisabeth", elli: "elisabeth", resi: "theresa", rosi: "rosemarie",
  traudel: "gertrud", baerbel: "barbara", babsi: "barbara", hanni: "johanna", chrissi: "christina", tina: "christina",
  kalle: "karl", ferdi: "ferdinand", siggi: "siegfried", sigi: "siegfried", nobbi: "norbert", poldi: "leopold", benni: "benjamin",
  benny: "benjamin", wastl: "sebastian", vroni: "veronika", jenny: "jennifer", jessi: "jessica", rike: "friederike",
  geli: "angelika", conni: "cornelia", ulli: "ulrich", nicki: "nicole", bobby: "robert", joe: "josef", mo: "mohammed",
}; // biome-ignore format: a table

export const isShortFormOf = (short: string, full: string): boolean => SHORT[short] === full;
